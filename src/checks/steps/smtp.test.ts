import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Certificates, makeCertificates } from './certificates.suite.ts';
import { contextSteps } from './context.ts';
import { smtpSteps } from './smtp.ts';
import { trying } from './steps.suite.ts';

const tried = trying([...contextSteps, ...smtpSteps]);
const closing: (() => void)[] = [];
let mails = 0;

async function smtp(options: SMTPServerOptions): Promise<string> {
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    onRcptTo: ({ address }, _, done) => {
      if (address.endsWith('@example.org')) return done();
      const later = address.startsWith('grey');
      const error = Object.assign(new Error(later ? 'come again' : 'relaying denied'), {
        responseCode: later ? 450 : 550,
      });
      return done(error);
    },
    onData: (stream, _, done) => {
      mails += 1;
      stream.resume().on('end', () => done());
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closing.push(() => server.close());
  return `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}

/** What answers each connection with this and nothing else. */
async function saying(text: string, end = false): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.write(text);
    if (end) socket.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const one of sockets) one.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let made: Certificates;
const at: Record<string, string> = {};
let trusted: readonly string[] = [];
beforeAll(async () => {
  made = makeCertificates();
  at['good'] = await smtp({ ...made.good });
  at['other'] = await smtp({ ...made.other });
  at['plain'] = await smtp({ disabledCommands: ['STARTTLS'] });
  at['web'] = await saying('HTTP/1.1 400 Bad Request\r\n\r\n');
  at['busy'] = await saying('421-too many\r\n421 come again\r\n');
  at['gone'] = await saying('220-hel', true);
  at['silent'] = await saying('');
  at['endless'] = await saying(`220-${'x'.repeat(100)}\r\n`.repeat(2000));
  const lines = made.authority
    .trim()
    .split('\n')
    .map((line) => `  ${line}`);
  trusted = ['Given I trust the certificate authority:', '  """', ...lines, '  """'];
}, 60_000);
afterAll(() => {
  for (const close of closing) close();
});

const step = (name: string, rest: string): string =>
  `Then the mail server "${at[name] ?? ''}" should ${rest}`;

describe.concurrent('mail servers', () => {
  test.each([
    ['good', 'greet', /^passed$/],
    ['good', 'offer STARTTLS', /^passed$/],
    ['good', 'offer STARTTLS with a valid certificate', /^passed$/],
    ['good', 'accept mail for "somebody@example.org"', /^passed$/],
    ['good', 'refuse mail for "somebody@example.com"', /^passed$/],
    ['plain', 'offer STARTTLS', /^failed: expected STARTTLS; it offers PIPELINING/],
    ['plain', 'offer STARTTLS with a valid certificate', /^failed: expected STARTTLS; it offers/],
    [
      'other',
      'offer STARTTLS with a valid certificate',
      /^failed: .* ERR_TLS_CERT_ALTNAME_INVALID$/,
    ],
    ['good', 'accept mail for "somebody@example.com"', /^failed: .* it says 550 relaying denied$/],
    ['good', 'accept mail for "grey@example.com"', /^failed: .* it says 450 come again$/],
    [
      'good',
      'refuse mail for "grey@example.com"',
      /^failed: .* to be refused \(5xx\); it says 450/,
    ],
    ['good', 'refuse mail for "somebody@example.org"', /^failed: .* it says 250 Accepted$/],
    [
      'good',
      'accept mail for "a b@example.org"',
      /^failed: "a b@example\.org" is no address of mail$/,
    ],
    ['busy', 'greet', /^failed: expected a greeting \(220\); it says 421 too many \/ come again$/],
    ['web', 'greet', /^failed: 127\.0\.0\.1:\d+ speaks no SMTP: "HTTP\/1\.1 400 Bad/],
    ['gone', 'greet', /^failed: 127\.0\.0\.1:\d+ closes in the middle of it$/],
    ['endless', 'greet', /^failed: 127\.0\.0\.1:\d+ speaks no SMTP: "220-xxx/],
  ] as const)('%s: %s', async (name, rest, expected) => {
    expect(await tried([...trusted, step(name, rest)])).toMatch(expected);
  });

  test('who says nothing fails by the timeout', async () => {
    expect(await tried(['Given the timeout is 200 ms', step('silent', 'greet')])).toBe(
      'failed: it did not end within 0.2 s',
    );
  });

  test('nobody there, and what is not allowed', async () => {
    expect(await tried(['Then the mail server "127.0.0.1:1" should greet'])).toBe(
      'failed: 127.0.0.1:1 can not be reached: the connection is refused',
    );
    expect(await tried(['Then the mail server "localhost" should greet'], { allowed: [] })).toMatch(
      /^unknown: \S+ port 25 is not public, and is not allowed here$/,
    );
  });
});

test('no mail was sent by any of it', () => {
  expect(mails).toBe(0);
});
