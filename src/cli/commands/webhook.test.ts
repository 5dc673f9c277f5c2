import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../../server/compose/running.suite.ts';
import { type Ran, runHere } from '../running.suite.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'territory-webhook-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('webhooks are added, listed and removed; a secret is printed once, alone', async () => {
  const { url, token } = await startServer();
  const env = { TERRITORY_URL: url, TERRITORY_TOKEN: token };
  const run = (args: readonly string[], input = ''): Promise<Ran> =>
    runHere(['webhook', ...args], { env, input });
  expect((await run(['list'])).out).toBe('no webhooks\n');
  const made = await run(['add', 'acme', '--kind', 'github']);
  expect(made.out).toMatch(/^[\w-]{43}\n$/);
  expect(made.err).toContain(`send to ${url}/webhooks/acme\n`);
  const given = await run(['add', 'pay', '--kind', 'stripe', '--secret-stdin'], 'whsec_12345678\n');
  expect(given).toMatchObject({ code: 0, out: '' });
  const mapping = file('ci.yaml', 'type: event\nname: $.name\n');
  const generic = ['--kind', 'generic', '--mapping', mapping];
  const signed = ['--header', 'X-Sig', '--hmac', 'sha256', '--prefix', 'sha256='];
  expect((await run(['add', 'ci', ...generic, ...signed])).err).toContain(
    'proof: `X-Sig`: HMAC-sha256 of the body, hex after `sha256=`',
  );
  const list = await run(['list']);
  expect(list.out).toMatch(/^acme +github +http:\S+\/webhooks\/acme +\d{4}-/m);
  expect(list.out).not.toContain('whsec_12345678');

  const wrong = file('wrong.yaml', 'type: event\nnam: x');
  expect(await run(['add', 'x', '--kind', 'generic', '--mapping', wrong])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/Did you mean "name".*line 2, column 1/s) as string,
  });
  expect(await run(['add', 'x', ...generic, '--hmac', 'sha1'])).toMatchObject({ code: 2 });
  expect(await run(['add', 'x', '--kind', 'pagerduty'])).toMatchObject({ code: 2 });

  const open = ['add', 'open', ...generic, '--in-address'];
  const secret = (await run(open)).out.trim();
  expect((await run(['recent', 'open'])).err).toContain('nothing has come');
  await fetch(`${url}/webhooks/open?token=${secret}`, { method: 'POST', body: '{"name":"n"}' });
  expect((await run(['recent', 'open'])).out).toBe('{"name":"n"}\n');
  expect((await run(['remove', 'open'])).code).toBe(0);
  expect(await run(['remove', 'open'])).toMatchObject({ code: 2 });
});

test('a preview needs no server, and tells where something is wrong', async () => {
  const run = (...args: readonly string[]): Promise<Ran> =>
    runHere(['webhook', 'preview', ...args]);
  const mapping = file('map.yaml', 'each: $.a\ntype: metric\nname: $.n\nmetric: $.v\n');
  const body = file('body.json', '{"a":[{"n":"x","v":1},{"n":"y","v":"?"}]}');
  const some = await run(body, '--mapping', mapping);
  expect(some.code).toBe(2);
  expect(JSON.parse(some.out)).toMatchObject({ type: 'metric', name: 'x', metric: 1 });
  expect(some.err).toContain(`${body}: event 2, metric: metric is no number\n`);
  expect(some.err).toContain('1 event, 1 problem');
  const wrong = file('wrong.yaml', 'type: $.a..b\n');
  expect((await run(body, '--mapping', wrong)).err).toContain(`${wrong}:1:10: a path has names`);
  const broken = file('broken.json', '{"a":\n  oops}');
  expect((await run(broken, '--mapping', mapping)).err).toContain(
    `${broken}:2:3: the body is no JSON`,
  );
  const push = file('ping.json', '{"zen":"Keep it logically awesome.","hook_id":1}');
  const ping = await run(push, '--kind', 'github', '--header', 'X-GitHub-Event: ping', '--json');
  expect(ping.code).toBe(0);
  expect(JSON.parse(ping.out)).toMatchObject({
    count: 1,
    events: [{ type: 'dev.cdeventsx.github-ping.received.0.1.0' }],
  });
  expect(await run(push)).toMatchObject({ code: 2 });
  expect(await run('/nowhere', '--kind', 'github')).toMatchObject({ code: 2 });
});
