import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { type Server, startServer } from '../../server/compose/running.suite.ts';
import type { Company } from '../company.ts';
import { asker } from '../server-process.ts';
import { requireNew, runRecording } from './recording.ts';
import { replay } from './replay.ts';

// A server starts in half a second, or in twenty where the machine has much to do.
vi.setConfig({ testTimeout: 120_000 });

const folder = (): string => mkdtempSync(join(tmpdir(), 'recording-'));
const patience = { timeout: 60_000, interval: 50 };
const linesOf = (file: string): Record<string, unknown>[] =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const idsIn = (file: string): unknown[] =>
  linesOf(file)
    .slice(1)
    .map(({ id }) => id);

const event = (id: string, more: object = {}) => ({
  id,
  type: 'order.placed',
  source: 'newsroom/site',
  time: Date.now(),
  ...more,
});

/** What a recording needs of a company; ends with `stop`. */
function around(server: Server) {
  const stop = new AbortController();
  const said: string[] = [];
  const { url, token } = server;
  const company = {
    seed: 3,
    speed: 2,
    signal: stop.signal,
    now: Date.now,
    say: (text: string) => void said.push(text),
    territory: { url, token, sendTokenFile: '', ask: asker(url, token, stop.signal) },
  };
  return { company: company as unknown as Company, said, stop: () => stop.abort() }; // the rest is not read
}

/** All that the log of a server has of one stream. */
async function logOf(server: Server, stream: 'facts' | 'readings'): Promise<Event[]> {
  const events: Event[] = [];
  for (let offset = 1; ; offset += 1) {
    const answer = await server.ask(`/api/v1/events/${stream}/${offset}`);
    if (answer.status !== 200) return events;
    events.push((await answer.json()) as Event);
  }
}
interface Event {
  readonly id: string;
  readonly source: string;
  readonly time: number;
  readonly received: number;
  readonly [field: string]: unknown;
}

test('keeps what came since the given moment, each once, also while the server is restarted', async () => {
  const file = join(folder(), 'day.ndjson');
  const server = await startServer();
  await server.send([event('before')]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const from = Date.now();
  await server.send([event('first'), event('host', { source: '/host-probe' })]);
  const { company, said, stop } = around(server);
  const recorded = runRecording(file, from)(company);
  await vi.waitFor(() => expect(idsIn(file)).toContain('first'), patience);

  const { data } = server;
  await server.close();
  const again = await startServer({ data, port: Number(new URL(server.url).port) });
  await again.send([event('second'), event('third')]);
  await vi.waitFor(() => expect(idsIn(file)).toContain('third'), patience);
  stop();
  await recorded;

  const [head] = linesOf(file);
  expect(head).toEqual({ territory: 'recording', format: 1, began: from, seed: 3, speed: 2 });
  expect(idsIn(file).filter((id) => /^[a-z]+$/.test(String(id)))).toEqual([
    'first',
    'second',
    'third',
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(said.at(-1)).toMatch(/day\.ndjson has \d+ events/);
});

test('a recording that is full says how much was left out', async () => {
  const file = join(folder(), 'day.ndjson');
  const server = await startServer();
  const from = Date.now();
  const large = Array.from({ length: 10 }, (_, n) => event(`n${n}`, { data: 'x'.repeat(1_000) }));
  await server.send(large);
  const { company, said, stop } = around(server);
  const recorded = runRecording(file, from, 5_000)(company);
  await vi.waitFor(() => expect(idsIn(file)).toContain('n3'), patience);
  await server.send([event('late', { data: 'x'.repeat(2_000) })]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  stop();
  await recorded;
  expect(statSync(file).size).toBeLessThanOrEqual(5_000);
  expect(said.at(-1)).toMatch(/it is full, [1-9]\d* more were left out/);
});

test('a file that is there is never written over', async () => {
  const file = join(folder(), 'day.ndjson');
  await requireNew(file);
  await requireNew(file); // of a start that failed
  writeFileSync(file, 'mine');
  await expect(requireNew(file)).rejects.toMatchObject({
    code: 'TERR_DEMO_RECORDING',
    message: `${file} is there already: name another file`,
  });
  await expect(requireNew(join(file, 'x'))).rejects.toMatchObject({ code: 'TERR_DEMO_RECORDING' });
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

/** A recording of two hours: a reading each minute, and a fact of Territory's own in the middle. */
function twoHours(): { readonly file: string; readonly began: number } {
  const file = join(folder(), 'day.ndjson');
  const began = Date.parse('2026-05-04T08:00:00Z');
  const lines: object[] = [{ territory: 'recording', format: 1, began, seed: 1, speed: 1 }];
  for (let minute = 0; minute < 120; minute += 1) {
    const time = began + minute * 60_000;
    lines.push(event(`m${minute}`, { time, received: time + 500, stream: 'readings', offset: 1 }));
    if (minute !== 60) continue;
    const type = 'dev.cdeventsx.territory-alert.opened.0.1.0';
    const alert = { id: 'alert', type, source: 'territory/alerts', time: time + 20_000 };
    lines.push({ ...alert, received: time + 20_000, data: { cause: 'm60' } });
  }
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { file, began };
}

test('is given again in its order, at its own pace, with times of today', async () => {
  const { file } = twoHours();
  const server = await startServer({ 'demo.enabled': true, 'demo.replay': true });
  const { company } = around(server);
  const started = Date.now();
  const given = await replay(file, { ...company, speed: 3_600 });
  const took = Date.now() - started;
  expect(given).toEqual({ given: 121, leftOut: 0 });
  expect(took).toBeGreaterThan(1_700); // the last minute begins 7140 s after the first
  const readings = (await logOf(server, 'readings')).filter(({ id }) => /^m\d+$/.test(id));
  expect(readings.map(({ id }) => id)).toEqual(Array.from({ length: 120 }, (_, n) => `m${n}`));
  for (const [n, { time }] of readings.entries())
    expect(Math.abs(time - (readings[0]?.time ?? 0) - (n * 60_000) / 3_600)).toBeLessThanOrEqual(1);
  expect(readings[0]?.time).toBeGreaterThanOrEqual(started);
  const facts = await logOf(server, 'facts');
  const alert = facts.find(({ id }) => id === 'alert');
  expect(alert).toMatchObject({ source: 'territory/alerts', data: { cause: 'm60' } });
  expect(alert?.time).toBeGreaterThan(readings[60]?.time ?? Infinity);
});

test('goes on where the clock of the machine stands', async () => {
  const { file } = twoHours();
  const server = await startServer({ 'demo.enabled': true, 'demo.replay': true });
  const { company } = around(server);
  const stands = Date.now();
  const started = performance.now();
  const given = await replay(file, { ...company, speed: 3_600, now: () => stands });
  expect(given).toEqual({ given: 121, leftOut: 0 });
  expect(performance.now() - started).toBeLessThan(15_000);
});

test('a line that is no event is named, and the others are given', async () => {
  const { file, began } = twoHours();
  const wrong = { id: 'w', type: 'x', source: 's', time: began, received: began, nonsense: 1 };
  appendFileSync(file, `not JSON\n${JSON.stringify(wrong)}\n{"id":"half`);
  const server = await startServer({ 'demo.enabled': true, 'demo.replay': true });
  const { company, said } = around(server);
  const given = await replay(file, { ...company, speed: 100_000 });
  expect(given).toEqual({ given: 121, leftOut: 3 });
  expect(said).toContain(`${file}:123 is no event`);
  expect(said).toContain(`${file}:125 is no event`);
  expect(said.join('\n')).toContain('nonsense');
});

test('what is no recording is refused', async () => {
  const server = await startServer({ 'demo.enabled': true, 'demo.replay': true });
  const { company } = around(server);
  const other = join(folder(), 'other.ndjson');
  writeFileSync(other, '{"type":"metric"}\n');
  const empty = join(folder(), 'empty.ndjson');
  writeFileSync(empty, '');
  for (const file of [other, empty, '/nowhere/day.ndjson', folder()])
    await expect(replay(file, company)).rejects.toMatchObject({ code: 'TERR_DEMO_RECORDING' });
});

test('only a server that was started for it takes a recording, and only from an admin', async () => {
  const events = [event('forged', { source: 'territory/alerts' })];
  const posting = (token: string) => ({
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  });
  const other = await startServer({ 'demo.enabled': true });
  const refused = await other.askJson('/api/v1/demo/replay', posting(other.token));
  expect(refused).toMatchObject({ status: 409, code: 'TERR_NEWSROOM_NONE' });

  const server = await startServer({ 'demo.enabled': true, 'demo.replay': true });
  const made = await server.ask('/api/v1/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'sender', scope: { may: 'send' } }),
  });
  const { secret } = (await made.json()) as { secret: string };
  expect((await server.ask('/api/v1/demo/replay', posting(secret))).status).toBe(403);
  expect(await server.askJson('/api/v1/demo/replay', posting(server.token))).toMatchObject({
    status: 200,
    taken: 1,
    refused: [],
  });
});

test('rooms show what theirs wrote in the recording, and take nothing to be done', async () => {
  const file = join(folder(), 'day.ndjson');
  const began = Date.parse('2026-05-04T08:00:00Z');
  const type = 'dev.cdeventsx.territory-demo.started.0.1.0';
  const data = { seed: 7, speed: 3, site: 'http://127.0.0.1:7243/', tools: [] };
  const fact = { id: 's', type, source: 'newsroom/demo', subject: 'demo', time: began, data };
  const head = { territory: 'recording', format: 1, began, seed: 7, speed: 3 };
  const lines = [head, { ...fact, received: began, stream: 'facts', offset: 1 }];
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const server = await startServer({ 'demo.enabled': true, 'demo.replay': true });
  await replay(file, around(server).company);
  await vi.waitFor(
    async () =>
      expect(await server.askJson('/api/v1/demo')).toMatchObject({ running: true, seed: 7 }),
    patience,
  );
  const asked = await server.askJson('/api/v1/demo/chaos', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'slow-feed' }),
  });
  expect(asked).toMatchObject({ status: 409, code: 'TERR_NEWSROOM_STATE' });
});
