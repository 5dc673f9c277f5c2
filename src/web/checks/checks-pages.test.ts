import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Check, StepsAnswer, StripSlot } from '../../server/api/contract-checks.ts';
import { completeFeature } from './complete.ts';
import { measuredIn, versionChanges } from './measured.ts';
import { releasePath, slotAt, stripPaths, stripSlots, stripWords } from './strip-shapes.ts';
import { nothingTried, took, type Trial } from './trying.ts';
import { countsOf, fitting, isTrouble, lanesOf, signsOf, stateWord } from './words.ts';

function check(
  id: string,
  more: Partial<Check> = {},
  standing: Partial<Check['standing']> = {},
): Check {
  return {
    id,
    name: id,
    kind: 'scenario',
    file: 'shop.feature',
    line: 3,
    application: 'shop',
    environment: 'production',
    tags: [],
    route: 'ticket',
    isWarning: false,
    isGate: false,
    interval: 60_000,
    dependsOn: [],
    next: null,
    quarantine: null,
    strip: [],
    ...more,
    standing: {
      shown: 'ok',
      kind: 'hard',
      since: null,
      attempt: 0,
      maxAttempts: 3,
      flapping: false,
      flapPercent: 0,
      stale: false,
      suppressedBy: null,
      inGrace: false,
      summary: null,
      lastGood: null,
      ...standing,
    },
  };
}

test('lanes with trouble come first, and in each what counts before what may pass', () => {
  const lanes = lanesOf([
    check('a', { application: 'blog' }),
    check('b'),
    check('c', {}, { shown: 'critical', kind: 'soft', attempt: 1 }),
    check('d', {}, { shown: 'critical' }),
    check('e', { application: null }),
    check('f', { environment: 'staging' }, { shown: 'unknown' }),
  ]);
  expect(lanes.map(({ application, environment }) => `${application} ${environment}`)).toEqual([
    'shop production',
    'shop staging',
    'blog production',
    'null production',
  ]);
  expect(lanes[0]?.checks.map(({ id }) => id)).toEqual(['d', 'c', 'b']);
});

test('states are said in words; a soft one says which attempt it is', () => {
  const said = (standing: Partial<Check['standing']>): string =>
    stateWord(check('a', {}, standing).standing);
  expect(said({ shown: 'pending' })).toBe('no result yet');
  expect(said({ shown: 'critical' })).toBe('critical');
  expect(said({ shown: 'critical', kind: 'soft', attempt: 2 })).toBe('critical, 2 of 3');
  expect(countsOf(['ok', 'critical', 'ok', 'pending'])).toBe(
    '1 critical, 1 without a result, 2 ok',
  );
});

test('the filter finds by every word, signs and states too', () => {
  const quarantine = { by: 'ada', reason: 'flaky', since: 0, until: 1 };
  const all = [
    check('a', { tags: ['@gate'], quarantine }),
    check('b', { environment: 'staging' }, { flapping: true, flapPercent: 39.1 }),
  ];
  const ids = (text: string): string[] => fitting(all, text).map(({ id }) => id);
  expect(ids('')).toEqual(['a', 'b']);
  expect(ids('SHOP @gate')).toEqual(['a']);
  expect(ids('flapping staging')).toEqual(['b']);
  expect(ids('quarantined staging')).toEqual([]);
  expect(all.map(isTrouble)).toEqual([false, true]);
  expect(all.flatMap(signsOf).map(({ word }) => word)).toEqual(['quarantined', 'flapping, 39 %']);
});

const slot = (at: number, state: StripSlot['state'], release: string | null = null): StripSlot => {
  return { slot: at, state, durationMs: 1, release };
};

test('a strip ends at the right, one path for a state, with marks where another version came', () => {
  const slots = [
    slot(1, 'ok', 'v1'),
    slot(2, 'missed'),
    slot(3, 'unknown', 'v1'),
    slot(4, 'ok', 'v2'),
  ];
  expect([...stripPaths(slots).keys()]).toEqual(['ok', 'missed', 'unknown']);
  expect(stripPaths(slots).get('ok')).toBe('M224 12h3v8h-3zM236 12h3v8h-3z');
  expect(releasePath(slots)).toBe('M236 22h3v2h-3z');
  expect(slotAt(slots, 0.999)?.slot).toBe(4);
  expect(slotAt(slots, 0)).toBeUndefined();
  expect(stripWords(slots)).toBe('The last 4 slots: 2 ok, 1 missed, 1 unknown');
});

test('every slot of a strip is drawn once and is found under its place', () => {
  const states = fc.constantFrom<StripSlot['state']>(
    'ok',
    'warning',
    'critical',
    'unknown',
    'missed',
  );
  fc.assert(
    fc.property(fc.array(states, { maxLength: stripSlots }), (all) => {
      const slots = all.map((state, at) => slot(at, state));
      const drawn = [...stripPaths(slots)].map(([state, path]) => {
        const shapes = path.split('M').length - 1;
        return state === 'unknown' ? shapes / 2 : shapes;
      });
      expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(slots.length);
      const first = stripSlots - slots.length;
      for (const one of slots)
        expect(slotAt(slots, (first + one.slot + 0.5) / stripSlots)).toBe(one);
    }),
  );
});

const known: StepsAnswer = {
  steps: [
    step('action', 'I visit {string}', ['When I visit "/"']),
    step('action', 'I visit {string} {int} times', ['When I visit "/" 3 times']),
    step('assertion', 'I should get a {int} status code', ['Then I should get a 200 status code']),
    step('assertion', 'I should see {string}', ['Then I should see "Welcome"']),
    step('context', 'I am testing {string}', ['Given I am testing "https://www.example.org"']),
    step('action', 'I post the form:', [
      'When I post the form:',
      '  | name | Ada |',
      'Then I should see "Ada"',
    ]),
  ],
  tags: [
    { tag: '@gate', about: 'a release has to pass it' },
    { tag: '@every(30s)', about: 'how often it is run' },
  ],
};

function step(kind: 'context' | 'action' | 'assertion', expression: string, example: string[]) {
  return { group: 'HTTP', kind, expression, about: '', example, own: false };
}

const offered = (before: string, behind = '', text = before) =>
  completeFeature(known, before, [behind, text]);

test('steps are offered by their words, those of the keyword first', () => {
  expect(
    offered('    Then ')
      .map(({ text }) => text)
      .slice(0, 2),
  ).toEqual(['I should get a {int} status code', 'I should see {string}']);
  expect(offered('    And vis').map(({ text }) => text)).toEqual([
    'I visit {string}',
    'I visit {string} {int} times',
  ]);
  expect(offered('    When I visit "/a"')).toEqual([]);
  expect(offered('  When I vis', ' and more')).toEqual([]);
  expect(offered('  it is so')).toEqual([]);
});

test('a step comes as its example has it, with its first value to be typed over', () => {
  const [visit] = offered('  When vis');
  expect(visit).toMatchObject({ insert: 'I visit "/"', replaces: 3, select: { from: 9, to: 10 } });
  const [status] = offered('  Then status');
  expect(status?.insert.slice(status.select?.from, status.select?.to)).toBe('200');
  const [form] = offered('  When form');
  expect(form?.insert).toBe('I post the form:\n    | name | Ada |');
  expect(form?.select).toBeUndefined();
});

test('tags are offered where tags stand, and words of Gherkin at the beginning of a line', () => {
  expect(offered('  @gate @ev')).toMatchObject([
    { insert: '@every(30s)', replaces: 3, select: { from: 7, to: 10 } },
  ]);
  expect(offered('  Sce').map(({ text }) => text)).toEqual(['Scenario:', 'Scenario Outline:']);
  expect(offered('')).toEqual([]);
  // In another language any word may stand before a step, and ours are of no use.
  const estonian = '# language: et\n  Kui vis';
  expect(offered('  Kui vis', '', estonian).map(({ text }) => text)[0]).toBe('I visit {string}');
  expect(offered('Sce', '', estonian)).toEqual([]);
});

test('steps of a try are put to their scenarios; rows of an outline with one name are two', () => {
  const step = { text: 'x', line: 1, kind: 'action', state: 'passed', seconds: 0.1, failure: null };
  const run = { ...step, attempt: 1 };
  const messages: readonly (readonly [string, object])[] = [
    ['step', { scenario: 'a', ...run }],
    ['scenario', { scenario: 'a', line: 1, state: 'ok', summary: '', seconds: 0.1 }],
    ['step', { scenario: 'a', ...run }],
    ['step', { scenario: 'a', ...run, attempt: 2 }],
    ['hello', {}],
    ['end', { problem: null }],
  ];
  const trial = messages.reduce<Trial>(
    (was, [event, data]) => took(was, { event, data: JSON.stringify(data) }),
    nothingTried,
  );
  expect(trial.isOver).toBe(true);
  // What a second try sees takes the place of the first.
  expect(
    trial.scenarios.map(({ steps, attempt, end }) => [steps.length, attempt, end?.state]),
  ).toEqual([
    [1, 1, 'ok'],
    [1, 2, undefined],
  ]);
});

test('numbers of runs become lines with their limits; a run without one leaves a gap', () => {
  const row = (at: number, p95: number | undefined, release: string) => ({
    slot: at,
    started: at,
    state: 'ok' as const,
    summary: '',
    durationMs: at * 10,
    lagMs: 0,
    attempts: 1,
    release,
    performance: p95 === undefined ? [] : [{ label: 'p95', value: p95, unit: 's', critical: 0.5 }],
    hasDetail: true,
  });
  const runs = [row(3, 0.4, 'v2'), row(2, undefined, 'v1'), row(1, 0.2, 'v1')];
  expect(measuredIn(runs)).toEqual([
    {
      label: 'p95',
      unit: 'seconds',
      times: [1, 2, 3],
      values: [0.2, null, 0.4],
      limits: [{ severity: 'critical', value: 0.5 }],
    },
    {
      label: 'how long it took',
      unit: 'milliseconds',
      times: [1, 2, 3],
      values: [10, 20, 30],
      limits: [],
    },
  ]);
  expect(versionChanges(runs)).toEqual([3]);
  const silent = measuredIn([...runs, row(13, 0.4, 'v2')]);
  expect(silent[0]).toMatchObject({
    times: [1, 2, 3, 12, 13],
    values: [0.2, null, 0.4, null, 0.4],
  });
});
