import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { History } from '../../../history/history.ts';
import type { Backtest } from '../../../rules/backtest/result.ts';
import { type BacktestJob, type BacktestSurroundings, liveRules, runBacktest } from './backtest.ts';
import { RuleFileProblems } from './errors.ts';
import { type RecordedLog, recordedLog } from './recording.suite.ts';
import { ruleFolder } from '../loading/rule-files.suite.ts';

const start = Date.UTC(2026, 0, 1, 12);
const second = 1_000;
const minute = 60_000;
const limits = { time: 60_000, memory: 256 * 2 ** 20 };

const disk = (limit: number): string => `import { events, rule } from 'territory/rules';

rule('disk', () =>
  events
    .where('name = "disk"')
    .by('host')
    .level({ critical: 'metric > ${limit}' })
    .changed('state', { from: 'ok' })
    .alert({ title: 'disk of {host} is {metric:percent} full' }),
);
`;

let recorded: RecordedLog;

/** Half an hour of two disks, and an hour that was sent an hour later. */
beforeAll(async () => {
  recorded = await recordedLog();
  for (let i = 0; i < 30; i++)
    // oxlint-disable-next-line no-await-in-loop -- received one after the other
    await recorded.send(
      start + i * minute,
      { name: 'disk', host: 'a', metric: i >= 10 && i < 20 ? 0.95 : 0.5, time: start + i * minute },
      { name: 'disk', host: 'b', metric: i >= 15 ? 0.85 : 0.5, time: start + i * minute - 200 },
    );
  await recorded.send(start + 30 * minute, { type: 'dev.cdevents.service.deployed.0.3.0' });
});

afterAll(() => recorded.remove());

const job = (given: Partial<BacktestJob> = {}): BacktestJob => ({
  logDir: recorded.dir,
  from: start,
  to: start + 40 * minute,
  rules: { source: disk(0.9) },
  ...given,
});

const run = async (
  given: Partial<BacktestJob> = {},
  surroundings: Partial<BacktestSurroundings> = {},
): Promise<Backtest> =>
  JSON.parse(
    await runBacktest(job(given), { history: 'none is kept here', limits, ...surroundings }),
  ) as Backtest;

/** What a run ends in. */
const failure = (
  given: Partial<BacktestJob>,
  surroundings: Partial<BacktestSurroundings> = {},
): Promise<unknown> =>
  run(given, surroundings).then(
    () => expect.fail('it should fail'),
    (error: unknown) => error,
  );

describe('over a real log, in a thread', () => {
  test('the same bytes twice, with the alerts that would have been', async () => {
    const once = await runBacktest(job(), { history: '', limits });
    expect(await runBacktest(job(), { history: '', limits })).toBe(once);
    const found = JSON.parse(once) as Backtest;
    expect(found.alerts).toEqual([
      {
        rule: 'disk',
        key: { host: 'a' },
        from: start + 10 * minute,
        to: start + 20 * minute,
        severity: 'critical',
        title: 'disk of a is 95 % full',
      },
    ]);
    expect(found.input).toMatchObject({
      events: 61,
      facts: 1,
      readings: 60,
      complete: true,
      warm: true,
      backfilled: 0,
      sources: [
        { stream: 'facts', source: 'log', to: start + 40 * minute },
        { stream: 'readings', source: 'log', to: start + 40 * minute },
      ],
    });
  });

  test('beside the rules that run now', async () => {
    const folder = ruleFolder({
      'rules.ts': disk(0.8),
      'broken.ts': 'const x: number = "text";',
      'other.ts': disk(0.8).replace("'disk'", "'other'"),
    });
    const files = ['rules.ts', 'broken.ts', 'other.ts'].map((name) => `${folder.path}/${name}`);
    const found = await run({ against: liveRules(files, 'rules.ts') });
    folder.remove();
    // Of another file than the candidate's, only rules that the candidate has too.
    expect(found.against?.rules.map(({ name }) => name)).toEqual(['disk']);
    expect(found.against?.difference).toMatchObject({
      same: 2,
      onlyCandidate: 0,
      onlyLive: 1,
      alerts: [{ rule: 'disk', key: 'b', live: { from: start + 15 * minute - 200 } }],
    });
  });

  test('a text with what it imports beside it; what is wrong has file, line and column', async () => {
    const source = `import { events, rule } from 'territory/rules';
import { limit } from './limits.ts';

rule('disk', () => events.where('name = "disk"').by('host').level({ critical: limit }).alert({ title: 'x' }));
`;
    const beside = { 'limits.ts': "export const limit = 'metric > 0.9';\n" };
    const found = await run({ rules: { source, name: 'mine.ts', beside } });
    expect(found.alerts).toHaveLength(1);
    const wrong = await failure({
      rules: { source, name: 'mine.ts', beside: { 'limits.ts': '?' } },
    });
    expect(wrong).toBeInstanceOf(RuleFileProblems);
    expect((wrong as Error).message).toMatch(/^limits\.ts:1:1: /);
    const throwing = source
      .replace('metric', 'metric')
      .replace('critical: limit', "critical: 'a b'");
    const thrown = await failure({ rules: { source: throwing, name: 'mine.ts', beside } });
    expect((thrown as Error).message).toMatch(/^mine\.ts:4:\d+: in the query, column 3/);
    expect(await failure({ rules: { source, beside: { '../x.ts': '' } } })).toMatchObject({
      code: 'TERR_BACKTEST_RULES',
    });
    expect(await failure({ only: ['none'] })).toMatchObject({ code: 'TERR_BACKTEST_NONE' });
    expect(await failure({ to: start })).toMatchObject({ code: 'TERR_BACKTEST_RANGE' });
  });

  test('a rule without an end, one that eats memory, and a run that nobody wants any more', async () => {
    const rules = (body: string) => ({
      source: `import { events, rule } from 'territory/rules';
const kept: unknown[] = [];
rule('bad', () => events.map(() => { ${body} }).emit({ name: 'x' }));
console.info.length || kept;
`,
    });
    const looping = { rules: rules('for (;;) kept.length = 0;') };
    expect(await failure(looping, { limits: { ...limits, time: 3_000 } })).toMatchObject({
      code: 'TERR_BACKTEST_TIME',
    });
    const eating = {
      rules: rules("for (;;) kept.push('x'.repeat(50) + kept.length, [kept.length]);"),
    };
    expect(await failure(eating, { limits: { ...limits, memory: 64 * 2 ** 20 } })).toMatchObject({
      code: 'TERR_BACKTEST_MEMORY',
    });
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(new Error('gone')), 1_500);
    expect(await failure(looping, { signal: leaving.signal })).toMatchObject({ message: 'gone' });
  });
});

describe('what was recorded otherwise than it happened', () => {
  let sent: RecordedLog;
  beforeAll(async () => {
    sent = await recordedLog();
    // An hour that is sent afterwards at once, not in order, beside what comes in by itself.
    const hour = Array.from({ length: 60 }, (_, i) => (i * 7) % 60).map((i) => ({
      name: 'disk',
      host: 'a',
      metric: i >= 10 && i < 20 ? 0.95 : 0.5,
      time: start + i * minute,
    }));
    await sent.send(start + 5 * minute, { name: 'own', time: start + 5 * minute });
    await sent.send(start + 90 * minute, ...hour, { name: 'own' });
    await sent.send(start + 91 * minute, { name: 'own' });
  });
  afterAll(() => sent.remove());

  test('is taken as if it had arrived when it happened', async () => {
    const found = await run({ logDir: sent.dir, to: start + 60 * minute });
    expect(found.alerts).toMatchObject([
      { from: start + 10 * minute, to: start + 20 * minute, severity: 'critical' },
    ]);
    expect(found.input).toMatchObject({ events: 61, backfilled: 60, complete: true });
    expect(found.rules[0]?.late).toBe(0);
  });

  test('and the same where the time of the sending is within the range', async () => {
    const found = await run({ logDir: sent.dir, to: start + 120 * minute });
    expect(found.alerts).toMatchObject([{ from: start + 10 * minute, to: start + 20 * minute }]);
    expect(found.input).toMatchObject({ events: 63, backfilled: 61 });
  });
});

describe('readings that have left the log', () => {
  let trimmed: RecordedLog;
  const value = (i: number): number => (i >= 10 && i < 20 ? 0.95 : 0.5);
  beforeAll(async () => {
    trimmed = await recordedLog();
    for (let i = 0; i < 30; i++)
      // oxlint-disable-next-line no-await-in-loop -- received one after the other
      await trimmed.send(start + i * minute, { name: 'disk', host: 'a', metric: value(i) });
    await trimmed.log.trim('readings', 16);
  });
  afterAll(() => trimmed.remove());

  /** History that has everything from `from` on, in pages of four. */
  const history = (from: number): BacktestSurroundings['history'] => {
    const all = Array.from({ length: 30 }, (_, i) => i)
      .slice(from)
      .map((i) => ({
        id: `readings-${i + 1}`,
        type: 'metric',
        source: '/test',
        stream: 'readings',
        offset: i + 1,
        time: start + i * minute,
        received: start + i * minute + 3 * second,
        name: 'disk',
        host: 'a',
        metric: value(i),
      }));
    const asked: Partial<History> = {
      stat: async () => ({ oldest: all[0]?.time }) as never,
      events: async ({ from: least, to, cursor }) => {
        const found = all.filter(({ time }) => time >= least && time < to);
        const at = Number(cursor ?? 0);
        const next = at + 4 < found.length ? { next: String(at + 4) } : {};
        return { events: found.slice(at, at + 4) as never, ...next };
      },
    };
    return (question) => question(asked as History, { timeoutMs: 1, memoryBytes: 1 });
  };

  test('come from history, each once, and it is said', async () => {
    const found = await run({ logDir: trimmed.dir }, { history: history(0) });
    expect(found.alerts).toMatchObject([{ from: start + 10 * minute, to: start + 20 * minute }]);
    expect(found.input).toMatchObject({ events: 30, complete: true });
    const seam = start + 15 * minute;
    const parts = found.input.sources.map(({ stream, source, to }) => [stream, source, to - seam]);
    expect(parts.filter(([stream]) => stream === 'readings')).toEqual([
      // Before anything was sent: only the warm-up lies there.
      ['readings', 'gap', -15 * minute],
      ['readings', 'history', 0],
      ['readings', 'log', 25 * minute],
    ]);
  });

  test('are a gap as far as history does not go back, or is not there', async () => {
    const found = await run({ logDir: trimmed.dir }, { history: history(5) });
    expect(found.input).toMatchObject({ events: 25, complete: false });
    expect(found.input.sources).toContainEqual({
      stream: 'readings',
      from: found.warmFrom,
      to: start + 5 * minute,
      source: 'gap',
      why: 'history holds nothing so old',
    });
    const without = await run({ logDir: trimmed.dir });
    expect(without.input).toMatchObject({ events: 15, complete: false, warm: false });
    expect(without.input.sources).toContainEqual(
      expect.objectContaining({ source: 'gap', why: 'none is kept here' }),
    );
    const later = await run({ logDir: trimmed.dir, from: start + 20 * minute });
    expect(later.input).toMatchObject({ complete: true, warm: true });
  });
});
