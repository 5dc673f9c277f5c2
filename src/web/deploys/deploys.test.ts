import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Deploy } from '../../server/api/contract-deploys.ts';
import type { Calendar } from '../../server/api/contract-gates.ts';
import { daysOf, rangeAround } from './agenda.ts';
import { environmentsIn } from './lanes.ts';
import { type LiveDeploy, heard } from './live.ts';
import { courseOf, stagesToCome } from './words.ts';

describe('the course of a deploy', () => {
  test.each([
    { what: 'before it began', started: null, ended: null, expected: 10, is: undefined },
    { what: 'in its middle', started: 0, ended: null, expected: 10, is: { ran: 5, part: 0.5 } },
    { what: 'longer than ever', started: 0, ended: null, expected: 2, is: { ran: 5, part: 1 } },
    { what: 'without a history', started: 0, ended: null, expected: null, is: { ran: 5 } },
    { what: 'after its end', started: 0, ended: 4, expected: 10, is: { ran: 4 } },
  ])('$what', ({ started, ended, expected, is }) => {
    expect(courseOf({ started, ended, expected }, 5)).toEqual(is && { part: undefined, ...is });
  });
});

const stage = (name: Deploy['stage'] & string, state: 'done' | 'running') => ({
  stage: name,
  state,
  started: 0,
  ended: null,
  text: null,
});

test('what was passed over does not come any more, and nothing comes after the end', () => {
  const stages = [stage('starting', 'done'), stage('watching', 'running')];
  const deploy = { state: 'running', stages } as unknown as Deploy; // as much of one as is read
  expect(stagesToCome(deploy)).toEqual([]);
  expect(stagesToCome({ ...deploy, stages: [stage('checking-new', 'running')] })).toEqual([
    'switching',
    'draining-old',
    'watching',
  ]);
  expect(stagesToCome({ ...deploy, stages: [], state: 'refused' })).toEqual([]);
  expect(stagesToCome({ ...deploy, stages: [], state: 'waiting' })).toHaveLength(9);
});

const nothing: LiveDeploy = {
  deploy: undefined,
  log: '',
  cut: false,
  logEnded: false,
  lostAt: undefined,
  refusal: undefined,
};
const piece = (text: string, ended = false) => ({
  event: 'log',
  data: JSON.stringify({ offset: 0, next: 0, text, ended }),
});

test('a page keeps the end of a long log, from the beginning of a line on', () => {
  const line = `${'x'.repeat(99)}\n`;
  const long = [...Array(40)].reduce<LiveDeploy>(
    (live, _, i) => heard(live, piece(`${i}${line.repeat(500)}`)),
    nothing,
  );
  expect(long.cut).toBe(true);
  expect(long.log.length).toBeLessThanOrEqual(1_000_000);
  expect(long.log.startsWith('x'.repeat(99)) || /^\d+x/.test(long.log)).toBe(true);
  expect(heard(long, piece('end\n', true))).toMatchObject({ logEnded: true });
  expect(heard(long, { event: 'something new', data: '' })).toBe(long);
});

test('every environment has its place, also where nothing waits', () => {
  const busy = { environment: 'qa', running: [], waiting: [], reservations: [] };
  const where = { time: 0, environments: ['staging', 'production'], lanes: [] };
  const names = environmentsIn({ time: 0, environments: [busy] }, where).map(
    ({ environment }) => environment,
  );
  expect(names).toEqual(['staging', 'production', 'qa']);
});

describe('the calendar', () => {
  const { from, to } = rangeAround(Date.UTC(2026, 10, 26, 9, 41));
  const entry = (uid: string, at: number): Calendar['entries'][number] => ({
    uid,
    kind: 'deploy',
    from: at,
    title: uid,
    text: '',
    changed: 0,
  });

  test('what began before it stands in its first day', () => {
    const days = daysOf({ from, to, cut: 0, entries: [entry('old', 0), entry('new', to)] }, 'utc');
    expect(days.map(({ day }) => day)).toEqual(['2026-11-25', '2026-12-10']);
  });

  test('every entry stands in one day, and days are in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: from, max: to })), (times) => {
        const entries = times.map((at, i) => entry(String(i), at));
        const days = daysOf({ from, to, cut: 0, entries }, 'utc');
        expect(days.flatMap((day) => day.entries)).toHaveLength(times.length);
        const names = days.map(({ day }) => day);
        expect(names).toEqual([...new Set(names)].toSorted());
      }),
    );
  });
});
