import { mkdtempSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { WebhookSettings } from '../config/alerting.ts';
import { waitAfter } from './outcome.ts';
import { fill, templateOf, unknownFields } from './template.ts';
import { postWebhook } from './webhook.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A receiver that answers as it is told. */
async function receiver(answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => answer(request, response, body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const fields = { id: 'n1', title: 'a "quoted"\ntitle', body: 'b', 'alert.severity': 'critical' };

function post(url: string, more: Partial<WebhookSettings> = {}, timeout = 5_000) {
  const { signal } = new AbortController();
  return postWebhook({ url, ...more }, fields, { timeout, signal, now: () => 0 });
}

describe('a webhook', () => {
  test('gets the filled template, its headers, and a key by which to know it again', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'territory-webhook-'));
    writeFileSync(join(dir, 'key'), 'Bearer s3cret\n');
    const seen: unknown[] = [];
    const url = await receiver((request, response, body) => {
      const { authorization, 'idempotency-key': key, 'content-type': type } = request.headers;
      seen.push({ method: request.method, authorization, key, type, body: JSON.parse(body) });
      response.end('thanks');
    });
    const headers = { authorization: { file: join(dir, 'key') } };
    const template = '{"summary": "{title}", "level": "{alert.severity}", "n": {"x": 1}}';
    expect(await post(url, { headers, template })).toEqual({ sent: true, answer: 'thanks' });
    expect(seen).toEqual([
      {
        method: 'POST',
        authorization: 'Bearer s3cret',
        key: 'n1',
        type: 'application/json',
        body: { summary: fields.title, level: 'critical', n: { x: 1 } },
      },
    ]);
  });

  test.each([
    [500, {}, { final: false }],
    [503, { 'retry-after': '7' }, { final: false, retryAfter: 7_000 }],
    [429, { 'retry-after': 'Thu, 01 Jan 1970 00:01:00 GMT' }, { final: false, retryAfter: 60_000 }],
    [429, { 'retry-after': '999999' }, { final: false, retryAfter: 3_600_000 }],
    [400, {}, { final: true }],
    [404, {}, { final: true }],
  ])('that answers %i with %j', async (status, headers, outcome) => {
    const url = await receiver((_, response) => response.writeHead(status, headers).end('no\nway'));
    expect(await post(url)).toEqual({
      sent: false,
      why: `it answered ${status}: no way`,
      ...outcome,
    });
  });

  test('that hangs is left after the time-out', async () => {
    const url = await receiver(() => undefined);
    expect(await post(url, {}, 100)).toMatchObject({
      sent: false,
      final: false,
      why: 'no answer within 100 ms',
    });
  });

  test('that answers without end is cut off', async () => {
    const url = await receiver((_, response) => {
      response.writeHead(200);
      const more = (): void =>
        void (response.destroyed || response.write('x'.repeat(65_536), more));
      more();
    });
    const outcome = await post(url);
    expect(outcome).toMatchObject({ sent: true });
    expect(outcome.answer).toHaveLength(16_384);
  });

  test('is followed to another path of its host, and nowhere else', async () => {
    const other = await receiver((_, response) => response.end());
    const url = await receiver((request, response) => {
      const to = { '/': '/in', '/away': other, '/loop': '/loop' }[request.url ?? ''];
      if (request.url === '/get') response.writeHead(302, { location: '/in' }).end();
      else if (to === undefined) response.end();
      else response.writeHead(307, { location: to }).end();
    });
    expect(await post(url)).toMatchObject({ sent: true });
    const why = async (path: string) => post(`${url}${path}`);
    expect(await why('/away')).toMatchObject({ final: true, why: 'it redirects to another host' });
    expect(await why('/loop')).toMatchObject({ final: true, why: 'more than 3 redirects' });
    expect(await why('/get')).toMatchObject({ final: true });
  });

  test('that cannot be reached is tried again; no message holds its address', async () => {
    const url = 'http://127.0.0.1:1/secret-path';
    const outcome = await post(url);
    expect(outcome).toMatchObject({ sent: false, final: false });
    expect(JSON.stringify(outcome)).not.toContain('secret-path');
    expect(await post('ftp://secret-host/x')).toMatchObject({
      final: true,
      why: 'its url is no http or https address',
    });
    expect(await post(url, { url: { file: '/nope/key' } })).toMatchObject({
      final: false,
      why: 'the file /nope/key cannot be read (ENOENT)',
    });
  });
});

describe('templates', () => {
  test('the ready ones: what comes from events calls nobody', () => {
    const nasty = { ...fields, title: '<!channel> & "x"', body: '@all look', url: 'https://t/1' };
    expect(JSON.parse(templateOf('slack').body(nasty))).toEqual({
      text: '*&lt;!channel&gt; &amp; "x"*\n@all look\nhttps://t/1',
    });
    const mattermost = JSON.parse(templateOf('mattermost').body(nasty)) as { text: string };
    expect(mattermost.text).toContain('@\u200ball look');
    expect(templateOf('ntfy').body(nasty)).toBe('<!channel> & "x"\n\n@all look\nhttps://t/1');
    expect(JSON.parse(templateOf().body(fields))).toEqual({
      id: 'n1',
      title: fields.title,
      body: 'b',
      alert: { severity: 'critical' },
    });
  });

  test('what is not there is empty; what there is not is named', () => {
    expect(fill('{host}|{title}', { title: 'x' }, (text) => text)).toBe('|x');
    expect(unknownFields('{"a": "{alert.title} {nope.x}", "b": {want}}')).toEqual(['nope.x']);
  });
});

test('the wait doubles from 5 s to 10 min, and jitter takes up to a half away', () => {
  expect([1, 2, 3, 9].map((n) => waitAfter(n, 0))).toEqual([5_000, 10_000, 20_000, 600_000]);
  expect(waitAfter(1, 1)).toBe(2_500);
});
