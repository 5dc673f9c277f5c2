import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, type Server, createServer as plain } from 'node:net';
import { type TlsOptions, createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Certificates, makeCertificates } from './certificates.suite.ts';
import { contextSteps } from './context.ts';
import { running, trying } from './steps.suite.ts';
import { tlsSteps } from './tls.ts';

const tried = trying([...contextSteps, ...tlsSteps]);
const run = running([...contextSteps, ...tlsSteps]);
const servers: Server[] = [];

async function started(server: Server): Promise<string> {
  server
    .on('tlsClientError', () => undefined)
    .on('connection', (socket) => {
      socket.on('error', () => undefined);
    });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const speaking = async (options: TlsOptions): Promise<string> =>
  started(createServer(options, (socket) => socket.on('error', () => undefined)));

let made: Certificates;
const at: Record<string, string> = {};
let trusted: readonly string[] = [];
beforeAll(async () => {
  made = makeCertificates();
  const { authority, ...certified } = made;
  for (const [name, one] of Object.entries(certified))
    // oxlint-disable-next-line no-await-in-loop -- a few servers
    at[name] = await speaking(one as TlsOptions);
  at['old'] = await speaking({
    ...made.good,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.2',
    ciphers: 'DEFAULT:@SECLEVEL=0',
  });
  at['new'] = await speaking({ ...made.good, minVersion: 'TLSv1.3' });
  at['http2'] = await started(createSecureServer({ ...made.good, allowHTTP1: true }));
  at['lies'] = await speaking({ ...made.good, ALPNProtocols: ['h2'] });
  at['plain'] = await started(plain((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  const lines = authority
    .trim()
    .split('\n')
    .map((line) => `  ${line}`);
  trusted = ['Given I trust the certificate authority:', '  """', ...lines, '  """'];
}, 60_000);
afterAll(() => {
  for (const server of servers) server.close();
});

const certificate = (name: string, rest: string): string =>
  `Then the certificate of "${at[name] ?? ''}" should be ${rest}`;

describe.concurrent('certificates', () => {
  test.each([
    ['good', 'valid', /^passed$/],
    ['chained', 'valid', /^passed$/],
    ['incomplete', 'valid', /^failed: .* its chain is not complete/],
    ['expired', 'valid', /^failed: .* it has expired \(for localhost, .*, until \w+ .* GMT\)$/],
    ['other', 'valid', /^failed: .* it is for other names \(for example\.org, until/],
    ['signedByItself', 'valid', /^failed: .* it is signed by itself/],
    ['plain', 'valid', /^failed: 127\.0\.0\.1:\d+ can not be reached: .*wrong version number/],
    ['good', 'valid for more than 19 days', /^passed$/],
    [
      'good',
      'valid for more than 21 days',
      /^failed: .* more than 21 days; it ends in (20\.0|19\.9) d/,
    ],
    ['chained', 'valid for more than 4 days', /^passed$/],
    ['crossed', 'valid for more than 19 days', /^passed$/],
    [
      'chained',
      'valid for more than 6 days',
      /^failed: .*; that of between, which it stands on, ends in/,
    ],
    ['expired', 'valid for more than 1 day', /^failed: .* it has expired/],
    ['good', 'for "127.0.0.1"', /^passed$/],
    ['good', 'for "www.shop.test"', /^passed$/],
    [
      'good',
      'for "a.b.shop.test"',
      /^failed: .* a certificate for a\.b\.shop\.test; it is for localhost, \*/,
    ],
    ['good', 'for "127.0.0.2"', /^failed: /],
    ['good', 'issued by "Territory Tests"', /^passed$/],
    ['good', 'issued by "Root of"', /^passed$/],
    ['good', 'issued by "Let\'s Encrypt"', /^failed: .*; it is by Territory Tests, Root of tests$/],
  ] as const)('of %s is %s', async (name, rest, expected) => {
    expect(await tried([...trusted, certificate(name, rest)])).toMatch(expected);
  });

  test('an authority that is not trusted', async () => {
    expect(await tried([certificate('good', 'valid')])).toMatch(/^failed: .* its chain/);
  });

  test('another name is asked for where it is said', async () => {
    const steps = (name: string): readonly string[] => [
      ...trusted,
      `Given I connect to "https://${at['other'] ?? ''}" with host "${name}"`,
      certificate('other', 'valid'),
    ];
    expect(await tried(steps('example.org'))).toBe('passed');
    expect(await tried(steps('example.com'))).toMatch(/it is for other names/);
  });

  test('how long it is valid is measured', async () => {
    const { performance } = await run([
      ...trusted,
      certificate('good', 'valid for more than 1 day'),
    ]);
    expect(performance).toMatchObject([{ label: 'certificate', unit: 's', critical: 86_400 }]);
    expect(performance[0]?.value).toBeGreaterThan(19 * 86_400);
  });

  test('nobody there, and what is not allowed', async () => {
    expect(await tried(['Then the certificate of "127.0.0.1:1" should be valid'])).toBe(
      'failed: 127.0.0.1:1 can not be reached: the connection is refused',
    );
    expect(await tried([certificate('good', 'valid')], { allowed: [] })).toMatch(
      /^unknown: 127\.0\.0\.1 port \d+ is not public/,
    );
  });
});

describe.concurrent('versions', () => {
  test.each([
    ['good', 'speak at least TLS 1.2', /^passed$/],
    ['good', 'speak at least TLS 1.3', /^passed$/],
    ['old', 'speak at least TLS 1.2', /^passed$/],
    ['old', 'speak at least TLS 1.3', /^failed: expected TLS 1\.3 or later; it is TLS 1\.2$/],
    ['good', 'speak at least TLS 1.4', /^unknown: there is no TLS 1\.4$/],
    ['good', 'refuse TLS 1.1', /^passed$/],
    ['good', 'refuse TLS 1.0', /^passed$/],
    ['new', 'refuse TLS 1.2', /^passed$/],
    ['good', 'refuse TLS 1.2', /^failed: expected TLSv1\.2 to be refused; .* speaks it$/],
    // Where this machine has them; Debian's OpenSSL has.
    ['old', 'refuse TLS 1.1', /^(failed: .* speaks it|unknown: TLSv1\.1 is not spoken here)$/],
    ['old', 'refuse TLS 1.0', /^(failed: .* speaks it|unknown: TLSv1 is not spoken here)$/],
    ['plain', 'refuse TLS 1.1', /^failed: .* can not be reached: /],
    ['http2', 'speak HTTP/2', /^passed$/],
    ['good', 'speak HTTP/2', /^failed: expected HTTP\/2; .* speaks nothing that is agreed on$/],
  ] as const)('%s should %s', async (name, rest, expected) => {
    expect(await tried([...trusted, `Then "${at[name] ?? ''}" should ${rest}`])).toMatch(expected);
  });

  test('HTTP/2 that is agreed on and never spoken', async () => {
    const steps = ['Given the timeout is 300 ms', `Then "${at['lies'] ?? ''}" should speak HTTP/2`];
    expect(await tried(steps)).toBe('failed: it did not end within 0.3 s');
  });
});
