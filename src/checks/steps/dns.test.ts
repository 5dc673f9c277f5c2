import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contextSteps } from './context.ts';
import { dnsSteps, nameServersAgree } from './dns.ts';
import { freeUdpPort, nsdProgram, startNsd } from './nsd.suite.ts';
import type { Step } from './step.ts';
import { trying } from './steps.suite.ts';

let port = 0;
/** As the step, of servers that do not listen at 53. */
const agreeing = dnsSteps.map((step): Step =>
  step.expression === 'the name servers of {string} should agree'
    ? { ...step, run: async (world, given) => nameServersAgree(world, given.text(0), port) }
    : step,
);
const tried = trying([...contextSteps, ...agreeing]);

const zone = (serial: number): string => `$ORIGIN shop.test.
$TTL 60
@ SOA ns1 hostmaster ${serial} 3600 600 86400 60
@ NS ns1
@ NS ns2
ns1 A 127.0.0.1
ns2 A 127.0.0.2
@ MX 10 mail
@ TXT "v=spf1 " "-all"
@ CAA 0 issue "letsencrypt.org"
www A 192.0.2.7
www A 192.0.2.8
www AAAA 2001:db8::7
shop CNAME www
six AAAA 2001:db8::6
_imap._tcp SRV 0 5 143 mail
`;
const lonely = '@ 60 SOA ns1.lonely.test. root 7 1 1 1 1\n@ NS ns1.lonely.test.\nns1 A 127.0.0.9\n';

describe.skipIf(nsdProgram === undefined)('a name server', () => {
  const stopping: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    port = await freeUdpPort();
    const zones = { 'lonely.test': lonely, 'gone.test': undefined, 'same.test': same };
    stopping.push(
      await startNsd('127.0.0.1', port, { 'shop.test': zone(2026010101), ...zones }),
      await startNsd('127.0.0.2', port, { 'shop.test': zone(2026010100), 'same.test': same }),
    );
  }, 60_000);
  afterAll(async () => {
    await Promise.all(stopping.map(async (stop) => stop()));
  });
  const same = zone(5).replaceAll('shop.test', 'same.test');

  test.each([
    ['"www.shop.test" should resolve', /^passed$/],
    ['"shop.shop.test" should resolve', /^passed$/],
    ['"six.shop.test" should resolve', /^passed$/],
    [
      '"no.shop.test" should resolve',
      /^failed: expected an address of no\.shop\.test; there is none \(NXDOMAIN\)$/,
    ],
    ['"shop.test" should resolve', /^failed: .* there is none \(NOERROR\)$/],
    ['"no.shop.test" should not resolve', /^passed$/],
    ['"shop.test" should not resolve', /^passed$/],
    [
      '"www.shop.test" should not resolve',
      /^failed: .*; there is 192\.0\.2\.\d, 192\.0\.2\.\d, 2001:db8::7$/,
    ],
    ['"gone.test" should not resolve', /^failed: .* there is none \(SERVFAIL\)$/],
    ['"elsewhere.test" should not resolve', /^failed: .* there is none \(REFUSED\)$/],
    ['"www.shop.test" should resolve to "192.0.2.8"', /^passed$/],
    ['"www.shop.test" should resolve to "2001:0db8:0:0::7"', /^passed$/],
    ['"www.shop.test" should resolve to "192.0.2.9"', /^failed: expected 192\.0\.2\.9; there is/],
    ['the A record of "www.shop.test" should be "192.0.2.7"', /^passed$/],
    ['the AAAA record of "six.shop.test" should be "2001:db8:0::6"', /^passed$/],
    ['the MX record of "shop.test" should be "10 Mail.shop.test."', /^passed$/],
    ['the CNAME record of "shop.shop.test" should be "www.shop.test"', /^passed$/],
    ['the NS record of "shop.test" should be "ns2.shop.test"', /^passed$/],
    ['the TXT record of "shop.test" should be "v=spf1 -all"', /^passed$/],
    ['the TXT record of "shop.test" should be "V=SPF1 -all"', /^failed: /],
    ['the TXT record of "shop.test" should contain "spf1"', /^passed$/],
    ['the CAA record of "shop.test" should be \'0 issue "letsencrypt.org"\'', /^passed$/],
    ['the SRV record of "_imap._tcp.shop.test" should be "0 5 143 mail.shop.test"', /^passed$/],
    ['the SOA record of "shop.test" should contain " 2026010101 "', /^passed$/],
    [
      'the MX record of "www.shop.test" should contain "mail"',
      /^failed: expected MX with mail; there is none \(NOERROR\)$/,
    ],
    ['the name server should answer NXDOMAIN for "no.shop.test"', /^passed$/],
    ['the name server should answer NOERROR for "shop.test"', /^passed$/],
    ['the name server should answer REFUSED for "elsewhere.test"', /^passed$/],
    [
      'the name server should answer NXDOMAIN for "www.shop.test"',
      /^failed: expected NXDOMAIN; there is 192/,
    ],
    ['the serial of "shop.test" should be 2026010101', /^passed$/],
    [
      'the serial of "shop.test" should be 1',
      /^failed: expected the serial 1; there is 2026010101$/,
    ],
    ['the serial of "no.shop.test" should be 1', /^failed: .* there is none \(NXDOMAIN\)$/],
    ['the name servers of "same.test" should agree', /^passed$/],
    [
      'the name servers of "shop.test" should agree',
      /^failed: expected one serial of shop\.test; ns\d\.shop\.test: 202601010\d; ns\d/,
    ],
    [
      'the name servers of "lonely.test" should agree',
      /^failed: .*; ns1\.lonely\.test: lonely\.test has no serial: ECONNREFUSED$/,
    ],
    ['the name servers of "www.shop.test" should agree', /^failed: expected name servers of www/],
  ] as const)('%s', async (step, expected) => {
    const steps = [`Given I ask the name server "127.0.0.1:${port}"`, `Then ${step}`];
    expect(await tried(steps)).toMatch(expected);
  });

  test('a name server of a zone that may not be asked', async () => {
    const given = { allowed: [`127.0.0.1:${port}`] };
    const first = `Given I ask the name server "127.0.0.1:${port}"`;
    expect(await tried([first, 'Then the name servers of "same.test" should agree'], given)).toBe(
      `unknown: 127.0.0.2 port ${port} is not public, and is not allowed here`,
    );
  });
});

describe.concurrent('name servers that are no help', () => {
  const resolves = 'Then "www.shop.test" should resolve';

  test('one that may not be asked, and one that is none', async () => {
    const asks = 'Given I ask the name server "10.0.0.1"';
    expect(await tried([asks, resolves])).toBe(
      'unknown: 10.0.0.1 port 53 is not public, and is not allowed here',
    );
    expect(await tried(['Given I ask the name server "ns.example.org"', resolves])).toBe(
      'unknown: a name server is asked by its address, and "ns.example.org" is none',
    );
  });

  test('one where nobody is', async () => {
    const nobody = await freeUdpPort();
    expect(await tried([`Given I ask the name server "127.0.0.1:${nobody}"`, resolves])).toMatch(
      /^failed: the name server 127\.0\.0\.1:\d+ can not be asked for www\.shop\.test: ECONNREFUSED$/,
    );
  });

  test('one that does not answer', async () => {
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const asks = `Given I ask the name server "127.0.0.1:${silent.address().port}"`;
    expect(await tried(['Given the timeout is 300 ms', asks, resolves])).toBe(
      'failed: it did not end within 0.3 s',
    );
    silent.close();
  });
});
