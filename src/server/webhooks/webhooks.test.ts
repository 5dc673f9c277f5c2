import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sign } from '@octokit/webhooks-methods';
import { describe, expect, test, vi } from 'vitest';
import { productKinds } from '../../intake/webhook/products.ts';
import type { IntakesAnswer } from '../api/contract-intakes.ts';
import { WebhookKind } from '../api/contract-webhooks.ts';
import { type Server, dataDir, json, startServer } from '../compose/running.suite.ts';

vi.setConfig({ testTimeout: 60_000 });

const add = (server: Server, webhook: object) =>
  server.askJson('/api/v1/webhooks', json('POST', webhook));

type Headers = Readonly<Record<string, string>>;
type Fact = Readonly<Record<string, unknown>> & { readonly type: string };

/** All facts, in the order of the log. */
async function facts(server: Server, offset = 1): Promise<Fact[]> {
  const response = await server.ask(`/api/v1/events/facts/${offset}`);
  if (!response.ok) return [];
  return [(await response.json()) as Fact, ...(await facts(server, offset + 1))];
}

/** As the product would: without a token of ours. */
async function post(server: Server, path: string, headers: Headers, body: string) {
  const response = await fetch(server.url + path, { method: 'POST', headers, body });
  const answer = (await response.json()) as Record<string, unknown>;
  return { status: response.status, ...answer };
}

const opened = JSON.stringify({
  action: 'opened',
  number: 7,
  pull_request: {
    number: 7,
    title: 'Faster checkout',
    html_url: 'https://github.com/acme/shop/pull/7',
    created_at: '2026-11-20T10:00:00Z',
    head: { ref: 'fast', sha: 'a'.repeat(40) },
  },
  repository: { full_name: 'acme/shop', html_url: 'https://github.com/acme/shop' },
  sender: { login: 'zoe', html_url: 'https://github.com/zoe' },
});

test('the API takes the kinds that are understood, and generic ones', () => {
  expect(WebhookKind.enum).toEqual([...productKinds, 'generic']);
});

describe('a webhook', () => {
  test('takes what is signed by its secret, once, and is audited', async () => {
    const server = await startServer();
    const added = await add(server, { name: 'gh', kind: 'github' });
    expect(added).toMatchObject({
      status: 201,
      webhook: { name: 'gh', kind: 'github', address: `${server.url}/webhooks/gh` },
    });
    const secret = String(added['secret']);
    expect(secret).toMatch(/^[\w-]{43}$/);
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'pull_request',
      'x-github-delivery': '72d3162e',
      'x-hub-signature-256': await sign(secret, opened),
    };
    const taken = { status: 200, accepted: 1, duplicates: 0, refused: 0, errors: [] };
    expect(await post(server, '/webhooks/gh', headers, opened)).toEqual(taken);
    const again = { status: 200, accepted: 0, duplicates: 1 };
    expect(await post(server, '/webhooks/gh', headers, opened)).toMatchObject(again);
    expect(await post(server, '/webhooks/gh', headers, `${opened} `)).toMatchObject({
      status: 401,
      code: 'TERR_INTAKE_SIGNATURE',
    });
    expect(await post(server, '/webhooks/other', headers, opened)).toMatchObject({ status: 401 });
    const created = (await facts(server)).filter(({ type }) => type.includes('change.created'));
    expect(created).toMatchObject([
      {
        id: '72d3162e',
        source: 'https://github.com/acme/shop',
        subject: 'change/acme/shop/7',
        time: Date.UTC(2026, 10, 20, 10),
        attributes: { 'vcs.change.id': '7', 'vcs.ref.head.revision': 'a'.repeat(40), actor: 'zoe' },
      },
    ]);
    expect(created[0]?.['attributes']).not.toHaveProperty('cdevents.valid');
    const removed = await server.ask('/api/v1/webhooks/gh', { method: 'DELETE' });
    expect(removed.status).toBe(204);
    expect(await post(server, '/webhooks/gh', headers, opened)).toMatchObject({ status: 401 });
    const audit = (await facts(server)).filter(({ type }) => type.includes('territory-webhook'));
    expect(audit).toMatchObject([
      { type: 'dev.cdeventsx.territory-webhook.created.0.1.0', subject: 'webhook/gh' },
      { type: 'dev.cdeventsx.territory-webhook.removed.0.1.0', subject: 'webhook/gh' },
    ]);
    const intakes = (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
    expect(intakes.find(({ name }) => name === 'webhook')).toMatchObject({
      accepted: 1,
      duplicates: 1,
      refusedBy: { TERR_INTAKE_SIGNATURE: 3 },
    });
    const everything = `${server.said()}${JSON.stringify(await facts(server))}`;
    expect(everything).not.toContain(secret);
  });

  test('is there after a restart, and its secret in no answer', async () => {
    const data = dataDir();
    const first = await startServer({ data });
    await add(first, { name: 'pay', kind: 'stripe', secret: 'whsec_0123456789' });
    const file = join(data, 'webhooks.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await first.close();
    const second = await startServer({ data });
    const list = await (await second.ask('/api/v1/webhooks')).text();
    expect(JSON.parse(list)).toMatchObject({ webhooks: [{ name: 'pay', kind: 'stripe' }] });
    expect(list).not.toContain('whsec_0123456789');
    await second.close();
    writeFileSync(file, readFileSync(file, 'utf8').replace('stripe', 'strip'));
    await expect(startServer({ data })).rejects.toMatchObject({ code: 'TERR_WEBHOOK_FILE' });
  });

  test('that is kept with a mapping that no longer reads is off, and the others are not', async () => {
    const data = dataDir();
    const first = await startServer({ data });
    const secret = 'a secret of mine';
    await add(first, { name: 'a', kind: 'generic', secret, mapping: 'type: event' });
    await add(first, { name: 'b', kind: 'generic', secret, mapping: 'type: heartbeat' });
    await first.close();
    const file = join(data, 'webhooks.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('type: event', 'typ: event'));
    const second = await startServer({ data });
    const headers = { authorization: `Bearer ${secret}` };
    expect(await post(second, '/webhooks/a', headers, '{}')).toMatchObject({ status: 401 });
    expect(await post(second, '/webhooks/b', headers, '{}')).toMatchObject({ accepted: 1 });
    expect(second.said()).toContain('TERR_WEBHOOK_MAPPING');
  });

  test('is not added when it makes no sense', async () => {
    const server = await startServer();
    await add(server, { name: 'gh', kind: 'github' });
    const senseless: [webhook: object, status: number, code: string, place?: object][] = [
      [{ name: 'gh', kind: 'github' }, 409, 'TERR_WEBHOOK_EXISTS', { field: 'name' }],
      [{ name: 'pd', kind: 'pagerduty' }, 400, 'TERR_WEBHOOK_SECRET', { field: 'secret' }],
      [{ name: 'x', kind: 'github', mapping: 'type: event' }, 400, 'TERR_WEBHOOK_MAPPING'],
      [{ name: 'x', kind: 'generic' }, 400, 'TERR_WEBHOOK_MAPPING', { field: 'mapping' }],
      [
        { name: 'x', kind: 'generic', mapping: 'type: event\nstat: ok' },
        400,
        'TERR_WEBHOOK_MAPPING',
        { line: 2, column: 1 },
      ],
      [{ name: 'A b', kind: 'github' }, 400, 'TERR_API_INVALID', { field: 'name' }],
      [
        { name: 'x', kind: 'github', secret: 'short' },
        400,
        'TERR_API_INVALID',
        { field: 'secret' },
      ],
      [{ name: 'x', kind: 'subversion' }, 400, 'TERR_API_INVALID', { field: 'kind' }],
    ];
    for (const [webhook, status, code, place] of senseless)
      // oxlint-disable-next-line no-await-in-loop -- one server for all
      expect(await add(server, webhook)).toMatchObject({ status, code, ...place });
  });

  test('is for admins to add, and for members to try', async () => {
    const server = await startServer();
    const token = async (may: string): Promise<Headers> => {
      const made = await server.askJson(
        '/api/v1/tokens',
        json('POST', { name: may, scope: { may } }),
      );
      return { authorization: `Bearer ${String(made['secret'])}` };
    };
    const status = async (may: string, path: string, init: RequestInit): Promise<number> => {
      const headers = { 'content-type': 'application/json', ...(await token(may)) };
      return (await server.ask(path, { ...init, headers })).status;
    };
    const webhook = json('POST', { name: 'x', kind: 'github' });
    const trial = json('POST', { kind: 'github', body: {} });
    expect(await status('gatekeeper', '/api/v1/webhooks', webhook)).toBe(403);
    expect(await status('member', '/api/v1/webhooks/preview', trial)).toBe(200);
    expect(await status('viewer', '/api/v1/webhooks/preview', trial)).toBe(403);
    expect(await status('read', '/api/v1/webhooks/x/recent', {})).toBe(403);
    expect(await status('send', '/api/v1/webhooks', {})).toBe(403);
  });
});

describe('a generic webhook', () => {
  const mapping =
    'each: $.builds\ntype: dev.cdeventsx.acme-build.finished.0.1.0\nname: $.name\nstate: $.result\n';

  test('takes, and keeps the last bodies without secrets', async () => {
    const server = await startServer();
    const verify = { by: 'header', header: 'X-Acme-Proof' };
    const added = await add(server, { name: 'acme', kind: 'generic', mapping, verify });
    const secret = String(added['secret']);
    const headers = { 'x-acme-proof': secret, 'x-acme-run': '1', cookie: 'c' };
    const body = (n: number) =>
      JSON.stringify({
        builds: [{ name: `b${n}`, result: 'ok' }, { name: 'c' }],
        api_token: 'hush',
      });
    for (let n = 0; n < 7; n++)
      // oxlint-disable-next-line no-await-in-loop -- in this order
      expect(await post(server, '/webhooks/acme', headers, body(n))).toMatchObject({ accepted: 2 });
    const recent = await server.askJson('/api/v1/webhooks/acme/recent');
    expect(recent).toMatchObject({ kept: 5 });
    const text = JSON.stringify(recent);
    for (const hidden of [secret, 'hush', 'cookie']) expect(text).not.toContain(hidden);
    expect(recent['bodies']).toMatchObject([
      { headers: { 'x-acme-run': '1' }, body: expect.stringContaining('"b6"') as string },
      {},
      {},
      {},
      { body: expect.stringContaining('"b2"') as string },
    ]);
    const made = (await facts(server)).filter(({ type }) => type.includes('acme'));
    expect(made[1]).toMatchObject({ id: expect.stringMatching(/^sha256-\w+\/2$/) as string });
    expect(made[0]).toMatchObject({ source: '/webhooks/acme', name: 'b0', state: 'ok' });
  });

  test('says what of a body could not be taken', async () => {
    const server = await startServer();
    const secret = 'a secret of mine';
    const text = 'each: $.all\ntype: metric\nname: x\nmetric: $.v';
    await add(server, { name: 'm', kind: 'generic', secret, mapping: text });
    const headers = { authorization: `Bearer ${secret}` };
    const some = await post(server, '/webhooks/m', headers, '{"all":[{"v":1},{"v":"x"}]}');
    expect(some).toMatchObject({
      status: 200,
      accepted: 1,
      refused: 1,
      errors: [{ field: 'metric' }],
    });
    const none = await post(server, '/webhooks/m', headers, '{"all":[{"v":"x"}]}');
    expect(none).toMatchObject({ status: 400, accepted: 0, refused: 1 });
    const broken = await post(server, '/webhooks/m', headers, '{"all":\n[}');
    expect(broken).toMatchObject({ status: 400, code: 'TERR_INTAKE_DECODE', line: 2, column: 2 });
  });
});

describe('a preview', () => {
  const preview = (server: Server, wanted: object) =>
    server.askJson('/api/v1/webhooks/preview', json('POST', wanted));

  test('shows what would be taken, and takes nothing', async () => {
    const server = await startServer();
    const headers = { 'X-GitHub-Event': 'pull_request', 'X-GitHub-Delivery': 'd' };
    expect(await preview(server, { kind: 'github', headers, body: opened })).toMatchObject({
      status: 200,
      count: 1,
      events: [{ id: 'd', type: 'dev.cdevents.change.created.0.4.0' }],
      errors: [],
    });
    expect(JSON.stringify(await facts(server))).not.toContain('change.created');
  });

  test('tells where a mapping or a body is wrong', async () => {
    const server = await startServer();
    const wrongMapping = { kind: 'generic', mapping: 'type: event\nnam: x', body: {} };
    expect(await preview(server, wrongMapping)).toMatchObject({
      count: 0,
      errors: [{ in: 'mapping', field: 'nam', line: 2, column: 1 }],
    });
    expect(await preview(server, { kind: 'github', body: '{"a":\n\n,}' })).toMatchObject({
      errors: [{ in: 'body', code: 'TERR_INTAKE_DECODE', line: 3, column: 1 }],
    });
    const tooOld = { kind: 'generic', mapping: 'type: metric\ntime: $.t', body: { t: 1 } };
    expect(await preview(server, tooOld)).toMatchObject({
      count: 0,
      errors: [{ in: 'body', code: 'TERR_EVENT_TIME', field: 'time', index: 0 }],
    });
  });
});
