import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import syslogClient from 'syslog-client';
import { expect, test, vi } from 'vitest';
import { has, listening, run, scratch, serverOf, timeout } from './sending.suite.ts';

const soon = (time: number): boolean => Math.abs(time - Date.now()) < 60_000;

test.skipIf(!has('logger', '--version')).each([
  ['UDP, RFC 5424', ['-d', '--rfc5424']],
  ['UDP, RFC 3164', ['-d', '--rfc3164']],
  ['TCP, RFC 5424, by newline', ['-T', '--rfc5424']],
  ['TCP, RFC 5424, counted', ['-T', '--rfc5424', '--octet-count']],
  ['TCP, RFC 3164, counted', ['-T', '--rfc3164', '--octet-count']],
])("util-linux' logger: %s", async (_, options) => {
  const { line, portOf } = await listening();
  const to = ['-n', '127.0.0.1', '-P', String(portOf('syslog'))];
  const standard = options.includes('--rfc5424');
  const more = standard ? ['--msgid', 'ID7', '--sd-id', 'a@1', '--sd-param', 'b="c"'] : [];
  const message = 'Wählt 1 von 3: [x] y="z"';
  const environment = { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' };
  const args = [
    ...to,
    ...options,
    '-p',
    'local0.err',
    '-t',
    'shop',
    '--id=4711',
    ...more,
    '--',
    message,
  ];
  execFileSync('logger', args, { env: environment });
  const event = await line(/Wählt/);
  expect(event).toMatchObject({
    type: 'log',
    source: '/syslog/127.0.0.1',
    service: 'shop',
    host: hostname(),
    state: 'critical',
    attributes: { 'syslog.facility': 'local0', 'process.pid': '4711', severity: 'err' },
    data: message,
  });
  expect(soon(event.time)).toBe(true);
  const said = standard
    ? { 'syslog.msgid': 'ID7', 'sd.a@1.b': 'c', 'sd.timeQuality.tzKnown': '1' }
    : {};
  expect(event.attributes).toMatchObject(said);
});

const { Transport, Facility, Severity } = syslogClient;
test.each([
  ['UDP, RFC 3164', { transport: Transport.Udp }],
  ['TCP, RFC 3164', { transport: Transport.Tcp }],
  ['TCP, RFC 5424', { transport: Transport.Tcp, rfc3164: false, appName: 'shop' }],
])('npm syslog-client: %s', async (_, how) => {
  const { line, portOf } = await listening();
  const port = portOf('syslog');
  const client = syslogClient.createClient('127.0.0.1', { port, syslogHostname: 'web-1', ...how });
  await new Promise<void>((resolve, reject) => {
    const options = { facility: Facility.Local0, severity: Severity.Warning };
    client.log('no tag, one line', options, (error) => (error ? reject(error) : resolve()));
  });
  expect(await line(/^no tag, one line$/)).toMatchObject({
    host: 'web-1',
    state: 'warning',
    ...('appName' in how && { service: 'shop' }),
    attributes: { 'syslog.facility': 'local0', severity: 'warning' },
  });
  client.close();
});

/** Debian's rsyslog, reading a file of ours and forwarding it. */
function forward(action: string, head = ''): { readonly write: (text: string) => void } {
  const dir = scratch();
  const config = join(dir, 'rsyslog.conf');
  const input = join(dir, 'in.log');
  writeFileSync(input, '');
  writeFileSync(
    config,
    `global(workDirectory="${dir}"${head})
module(load="imfile" mode="polling" pollingInterval="1")
input(type="imfile" file="${input}" tag="shop[17]:" severity="warning" facility="local3")
action(type="omfwd" target="127.0.0.1" ${action})
`,
  );
  run('rsyslogd', ['-n', '-f', config, '-i', join(dir, 'pid')]);
  return { write: (text) => writeFileSync(input, text, { flag: 'a' }) };
}

const rsyslog = has('rsyslogd', '-v');
const standard = 'template="RSYSLOG_SyslogProtocol23Format"';

test.skipIf(!rsyslog).each([
  ['UDP, its own format', 'protocol="udp"'],
  ['UDP, RFC 3164', 'protocol="udp" template="RSYSLOG_TraditionalForwardFormat"'],
  ['TCP, counted, RFC 5424', `protocol="tcp" TCP_Framing="octet-counted" ${standard}`],
  ['TCP, by newline', 'protocol="tcp"'],
])('rsyslog: %s', async (_, action) => {
  const { events, line, portOf, intake } = await listening();
  const { write } = forward(`port="${portOf('syslog')}" ${action}`);
  write(Array.from({ length: 100 }, (__, i) => `order ${i} is late\n`).join(''));
  const event = await line(/order 99 is late/);
  expect(event).toMatchObject({
    service: 'shop',
    host: hostname().split('.')[0],
    state: 'warning',
    attributes: { 'process.pid': '17', 'syslog.facility': 'local3', severity: 'warning' },
    data: 'order 99 is late',
  });
  expect(soon(event.time)).toBe(true);
  expect(events().filter(({ data }) => /^order \d+ is late$/.test(String(data)))).toHaveLength(100);
  expect(await intake('syslog')).toMatchObject({ refused: 0 });
});

const driver = '/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_ossl.so';
const withTls = rsyslog && has('openssl', 'version') && existsSync(driver);

test.skipIf(!withTls)('rsyslog by TLS, RFC 5425', async () => {
  const dir = scratch();
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject];
  execFileSync('openssl', [...made, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const { intake } = await serverOf({ 'tls.cert': cert, 'tls.key': key });
  const port = (await intake('syslog-tls'))?.port;
  const tls =
    'StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="localhost"';
  const ca = ` DefaultNetstreamDriverCAFile="${cert}"`;
  forward(`port="${port}" protocol="tcp" TCP_Framing="octet-counted" ${standard} ${tls}`, ca).write(
    'x\n',
  );
  await vi.waitFor(async () => expect((await intake('syslog-tls'))?.accepted).toBe(1), { timeout });
  expect(await intake('syslog-tls')).toMatchObject({ refused: 0 });
  vi.unstubAllEnvs();
});

test('a length that lies ends its connection, and is shown', async () => {
  const { intake, line, portOf } = await listening();
  const socket = connect(portOf('syslog'), '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.write('<13>1 - h a - - - before\n9999999999 <13>x');
  await once(socket, 'close');
  await line(/^before$/);
  const refusedBy = { TERR_INTAKE_FRAME: 1 };
  await vi.waitFor(async () => expect(await intake('syslog')).toMatchObject({ refusedBy }), {
    timeout,
  });
});

test('a zone that nobody knows is said', async () => {
  const { intake } = await serverOf({ 'intakes.syslog.zone': 'Mars/Olympus' });
  expect(await intake('syslog')).toMatchObject({ state: 'failed' });
});
