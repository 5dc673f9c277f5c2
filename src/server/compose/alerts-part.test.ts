import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { alertDecision } from '../../rooms/alerts/play.suite.ts';
import type { NotifyDecision, ScaleDecision } from '../../rules/decision.ts';
import { loadConfig } from '../config/load.ts';
import { AlertsPart } from './alerts-part.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function partOf(
  flags: Readonly<Record<string, string | number | object>>,
  log = memoryLog({ now: Date.now }),
) {
  const written = Object.entries(flags).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  const loaded = loadConfig({ flags: Object.fromEntries(written) as Record<string, string> });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const problems: string[] = [];
  const logger = pino({}, { write: (line) => void problems.push(line) });
  const part = new AlertsPart({
    config: loaded.config,
    log,
    now: Date.now,
    publicUrl: () => 'https://t.example.org',
    logger,
  });
  closing.push(() => part.close());
  part.start();
  return { part, log, problems };
}

/** A receiver that answers each request with the next status, the last one for ever. */
async function receiver(statuses: readonly number[]) {
  const bodies: Record<string, unknown>[] = [];
  const left = [...statuses];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      bodies.push(JSON.parse(body) as Record<string, unknown>);
      const status = left.length > 1 ? left.shift() : left[0];
      response.writeHead(status ?? 200, { 'retry-after': '1' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

const notify: NotifyDecision = {
  kind: 'notify',
  rule: 'r',
  key: {},
  at: Date.now(),
  id: 'n1',
  to: 'webhook:chat',
  title: 'hello',
  body: 'there',
};

test('an alert reaches a webhook with what it is about, and a link to it', async () => {
  const { bodies, url } = await receiver([200]);
  const { part } = partOf({
    'notify.webhooks': { chat: { url } },
    'notify.routes': [{ to: ['webhook:chat', 'browser'], groupWait: '0' }],
  });
  await part.decided([alertDecision(0, 'critical', { value: 3, team: 'web' })]);
  await vi.waitUntil(() => bodies.length === 1 && part.keeper.state.queue.size === 0);
  const [alert] = part.keeper.state.open.values();
  expect(bodies).toMatchObject([
    {
      kind: 'alerts',
      status: 'open',
      title: '[CRITICAL] web is critical',
      severity: 'critical',
      count: '1',
      rule: 'r',
      service: 'web',
      url: `https://t.example.org/alerts/${alert?.id}`,
      alert: { state: 'open', value: '3', team: 'web' },
    },
  ]);
  const states = [...part.keeper.state.log.values()].map(({ to, state }) => `${to} ${state}`);
  expect(states.toSorted()).toEqual(['browser sent', 'webhook:chat sent']);
});

test('a receiver in trouble is tried again, in the order of the messages; others do not wait', async () => {
  const { bodies, url } = await receiver([503, 200]);
  const { part } = partOf({ 'notify.webhooks': { chat: { url } } });
  const second = { ...notify, id: 'n2', title: 'second' };
  await part.decided([notify, second, { ...notify, id: 'n3', to: 'browser' }]);
  await vi.waitUntil(() => part.troubleOf('webhook:chat') === 'it answered 503');
  await vi.waitUntil(() => part.keeper.state.log.size === 1);
  await vi.waitUntil(() => part.keeper.state.queue.size === 0, { timeout: 15_000 });
  expect(bodies.map(({ title }) => title)).toEqual(['hello', 'hello', 'second']);
  expect(part.counts()).toMatchObject({ sent: 3, failures: 1, givenUp: 0, waiting: 0 });
});

test('facts that come and come do not put off who is to be told', async () => {
  const { part } = partOf({});
  let stop = false;
  const storm = (async () => {
    for (let n = 0; !stop; n++)
      await part.decided([alertDecision(n * 120, n % 2 === 0 ? 'critical' : 'warning')]);
  })();
  await vi.waitFor(() => expect(part.counts()?.sent).toBeGreaterThan(1));
  stop = true;
  await storm;
});

test('what no one can receive is given up and says why; too old a message as well', async () => {
  const { url } = await receiver([400]);
  const { part } = partOf({ 'notify.webhooks': { chat: { url } } });
  await part.decided([
    notify,
    { ...notify, id: 'n2', to: 'mail:a@b' },
    { ...notify, id: 'n3', to: 'webhook:nope' },
  ]);
  await vi.waitUntil(() => part.keeper.state.queue.size === 0);
  const whys = [...part.keeper.state.log.values()].map(({ state, why }) => `${state}: ${why}`);
  expect(whys.toSorted()).toEqual([
    'failed: it answered 400',
    'failed: no mail server is set (notify.mail.host)',
    'failed: there is no nope in notify.webhooks',
  ]);
  const late = partOf({
    'notify.webhooks': { chat: { url: 'http://127.0.0.1:1' } },
    'notify.giveUpAfter': '1s',
  });
  await late.part.decided([{ ...notify, at: Date.now() - 5_000 }]);
  await vi.waitUntil(() => late.part.keeper.state.queue.size === 0);
  expect(late.part.counts()).toMatchObject({ givenUp: 1 });
});

const scale: ScaleDecision = {
  kind: 'scale',
  rule: 'workers',
  key: {},
  at: Date.now(),
  id: 's1',
  target: 'workers/encoder',
  want: 7,
  min: 1,
  max: 9,
};

test('an order to scale runs a command, or a webhook, or says that nothing fits', async () => {
  const out = join(mkdtempSync(join(tmpdir(), 'territory-scale-')), 'out');
  const { bodies, url } = await receiver([200]);
  const script = `require('fs').appendFileSync(${JSON.stringify(out)}, process.argv[1] + ' ' + process.argv[2] + '\\n')`;
  const { part, log } = partOf({
    'notify.webhooks': { scaler: { url } },
    'scale.targets': [
      { target: 'workers/*', command: [process.execPath, '-e', script, '{target}', '{want}'] },
      { target: 'web', webhook: 'scaler' },
    ],
  });
  await part.decided([
    scale,
    { ...scale, id: 's2', target: 'web' },
    { ...scale, id: 's3', target: 'x' },
  ]);
  await part.decided([scale]);
  const states = () =>
    [...part.keeper.state.scale.values()].map((one) => `${one.target} ${one.state}`);
  await vi.waitUntil(() => !states().some((one) => one.endsWith('decided')), { timeout: 10_000 });
  expect(states().toSorted()).toEqual(['web done', 'workers/encoder done', 'x failed']);
  expect(readFileSync(out, 'utf8')).toBe('workers/encoder 7\n');
  expect(bodies).toMatchObject([{ kind: 'scale', target: 'web', want: '7', id: 's2' }]);
  // Another process on the same log: the cooldown and the order are known.
  const again = partOf({}, log);
  await again.part.decided([scale, { ...scale, id: 's9', want: 8, at: scale.at + 60_000 }]);
  expect(again.part.keeper.state.scale.get('workers/encoder')).toMatchObject({
    id: 's1',
    state: 'done',
  });
});

test('a thousand decisions at once: one fact each, and a second time none', async () => {
  const { part, log } = partOf({});
  const decisions = Array.from({ length: 1_000 }, (_, n) =>
    alertDecision(n % 7, 'warning', { key: { service: `s${n}` } }),
  );
  await Promise.all([part.decided(decisions.slice(0, 600)), part.decided(decisions.slice(600))]);
  expect(part.keeper.state.open.size).toBe(1_000);
  const before = log.counters().appended;
  part.rulesRestarted();
  await part.decided(decisions);
  const opened = [...part.keeper.state.open.values()].filter(({ episode }) => episode !== 1);
  expect(opened).toEqual([]);
  expect(log.counters().appended - before).toBeLessThan(10); // notifications at most
});

test('alerts beyond the bound are refused and counted, and the rest is taken', async () => {
  const { part, problems } = partOf({ 'alerts.maxOpen': 100 });
  const decisions = Array.from({ length: 1_000 }, (_, n) =>
    alertDecision(0, 'critical', { key: { service: `s${n}` } }),
  );
  await part.decided(decisions);
  const open = part.keeper.state.open.size;
  // Those decided side by side see the same number.
  expect(open).toBeGreaterThanOrEqual(100);
  expect(open).toBeLessThan(164);
  expect(part.counts()).toMatchObject({ refusedOpen: 1_000 - open });
  expect(problems.filter((line) => line.includes('alerts.maxOpen'))).toHaveLength(1);
  await part.decided([alertDecision(5, 'ok', { key: { service: 's0' } })]);
  expect(part.keeper.state.open.size).toBe(open - 1);
});
