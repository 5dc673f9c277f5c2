import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { defaultConfig } from '../config/load.ts';
import { type MailSettings, sendMail } from './mail.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A real SMTP server; what it was given. */
async function smtp(options: SMTPServerOptions = {}) {
  const mails: { readonly to: readonly string[]; readonly from: string; readonly raw: string }[] =
    [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    // Calls back within the tick of `end`: later ones make some senders send again.
    onData: (stream, session, callback) => {
      let raw = '';
      stream.on('data', (part: Buffer) => (raw += part.toString()));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom === false ? '' : mailFrom.address,
          raw,
        });
        callback();
      });
    },
    ...options,
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closing.push(() => server.close());
  const { port } = server.server.address() as AddressInfo;
  return { mails, port };
}

const message = {
  id: 'abc',
  kind: 'alerts',
  to: 'mail:ops@example.org',
  title: '[CRITICAL] Fehlerrate über 5 %\r\nBcc: all@example.org',
  body: 'CRITICAL  web\n.\nend',
  group: 'g1',
} as const;

function send(port: number, more: Partial<MailSettings> = {}) {
  const { mail } = defaultConfig().notify;
  const own = {
    ...mail,
    host: '127.0.0.1',
    port,
    security: 'none',
    from: 'territory@example.org',
  } as const;
  return sendMail({ ...own, ...more }, message, {
    timeout: 2_000,
    url: 'https://t.example.org/alerts/1',
  });
}

test('a message is one mail to one address; a line break in a title adds no header', async () => {
  const { mails, port } = await smtp();
  expect(await send(port)).toEqual({ sent: true });
  expect(mails).toMatchObject([{ to: ['ops@example.org'], from: 'territory@example.org' }]);
  const raw = mails[0]?.raw ?? '';
  expect(raw).toMatch(/^Message-ID: <abc@territory\.invalid>\r$/m);
  expect(raw).toMatch(/^References: <g1@territory\.invalid>\r$/m);
  expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/im);
  expect(raw).not.toMatch(/^Bcc:/m);
  expect(raw).toMatch(/\r\n\.\.?\r\nend\r\n\r\nhttps:\/\/t\.example\.org\/alerts\/1\r\n/);
});

test('a recipient refused for good is final, one refused for now is not', async () => {
  const refusing = (code: number) =>
    smtp({
      onRcptTo: (_address, _session, callback) =>
        callback(Object.assign(new Error('no such user'), { responseCode: code })),
    });
  expect(await send((await refusing(550)).port)).toMatchObject({
    final: true,
    why: expect.stringContaining('550 no such user'),
  });
  expect(await send((await refusing(451)).port)).toMatchObject({ final: false });
});

test('signs in with a password from a file, and never says it', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'territory-mail-')), 'password');
  writeFileSync(file, 'correct horse\n');
  const seen: unknown[] = [];
  const { port, mails } = await smtp({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, callback) => {
      seen.push(password);
      if (password === 'correct horse') callback(null, { user: 'me' });
      else callback(new Error('bad password'));
    },
  });
  expect(await send(port, { user: 'me', passwordFile: file })).toEqual({ sent: true });
  expect(mails).toHaveLength(1);
  writeFileSync(file, 'wrong battery');
  const refused = await send(port, { user: 'me', passwordFile: file });
  expect(refused).toMatchObject({ sent: false, final: false });
  expect(JSON.stringify(refused)).not.toContain('wrong battery');
  expect(seen).toEqual(['correct horse', 'wrong battery']);
});

test('nobody there, no STARTTLS where it is asked for, a server that hangs: tried again', async () => {
  expect(await send(1)).toMatchObject({ sent: false, final: false });
  const { port } = await smtp();
  expect(await send(port, { security: 'starttls' })).toMatchObject({ sent: false, final: false });
  const silent = await smtp({ onConnect: () => undefined });
  expect(await send(silent.port)).toMatchObject({ sent: false, final: false });
  const { mail } = defaultConfig().notify;
  const unset = await sendMail(mail, message, { timeout: 100, url: undefined });
  expect(unset).toMatchObject({ final: true, why: 'no mail server is set (notify.mail.host)' });
});
