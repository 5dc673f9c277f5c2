import { describe, expect, test } from 'vitest';
import { parsePerfData } from '../../event/perfdata.ts';
import { splitOutput } from '../../event/plugin-output.ts';
import type { Check, CheckAnswer, CheckRunRow } from './contract-checks.ts';
import { nagiosReport } from './nagios-view.ts';

const time = Date.UTC(2026, 10, 26, 12);

const standing: Check['standing'] = {
  shown: 'ok',
  kind: 'hard',
  since: time - 3_600_000,
  attempt: 0,
  maxAttempts: 3,
  flapping: false,
  flapPercent: 0,
  stale: false,
  suppressedBy: null,
  inGrace: false,
  summary: null,
  lastGood: time - 14_000,
};

const check: Check = {
  id: 'production.shop.the-home-page',
  name: 'the home page',
  kind: 'scenario',
  file: 'web/shop.feature',
  line: 4,
  application: 'shop',
  environment: 'production',
  tags: ['@page'],
  route: 'page',
  isWarning: false,
  isGate: false,
  interval: 60_000,
  dependsOn: [],
  next: null,
  standing,
  quarantine: null,
  strip: [],
};

const run: CheckRunRow = {
  slot: time - 14_000,
  started: time - 14_000,
  state: 'ok',
  summary: '',
  durationMs: 120.4567,
  lagMs: 3,
  attempts: 1,
  release: '1.2.0',
  performance: [{ label: 'elapsed', value: 0.1, unit: 's', warning: 0.4, critical: 1 }],
  hasDetail: true,
};

interface Difference {
  readonly standing?: Partial<Check['standing']>;
  readonly check?: Partial<Check>;
  readonly runs?: readonly CheckRunRow[];
  readonly firstBadRelease?: string;
}

const told = (other: Difference = {}) => {
  const own = { ...check, ...other.check, standing: { ...standing, ...other.standing } };
  const seen: Pick<CheckAnswer, 'time' | 'check' | 'runs' | 'firstBadRelease'> = {
    time,
    check: own,
    runs: [...(other.runs ?? [run])],
    firstBadRelease: other.firstBadRelease ?? null,
  };
  const { code, text } = nagiosReport(seen);
  return { code, ...splitOutput(text) };
};

const failing = { shown: 'critical', summary: 'I should see "x": there is none' } as const;

describe('how a check stands', () => {
  test('well, with what was measured last', () => {
    const { perfData, ...rest } = told();
    expect(rest).toEqual({
      code: 0,
      output: 'SHOP OK - the home page (0.12 s, 14 s ago)',
      long: '',
    });
    expect([...parsePerfData(perfData)]).toEqual([
      { label: 'time', value: 0.120457, uom: 's', min: 0 },
      { label: 'age', value: 14, uom: 's', warning: '60', min: 0 },
      { label: 'lag', value: 0.003, uom: 's', min: 0 },
      { label: 'elapsed', value: 0.1, uom: 's', warning: '0.4', critical: '1', min: 0 },
    ]);
  });

  test('down, since when, and since which release', () => {
    expect(told({ standing: failing, firstBadRelease: '1.2.0' })).toMatchObject({
      code: 2,
      output: 'SHOP CRITICAL - the home page: I should see "x": there is none',
      long: [
        'CRITICAL the home page in production: I should see "x": there is none',
        'since 2026-11-26T11:00:00Z',
        'last good at 2026-11-26T11:59:46Z',
        'first seen with release 1.2.0',
      ].join('\n'),
    });
  });

  const quarantine = { by: 'ann', reason: 'flaky', since: time, until: time + 86_400_000 };
  test.each([
    [
      'no result yet',
      { standing: { shown: 'pending' }, runs: [] },
      3,
      'the home page: there is no result yet',
    ],
    ['no run that is still kept', { runs: [] }, 0, 'the home page'],
    [
      'stale',
      { standing: { shown: 'unknown', stale: true }, runs: [{ ...run, started: time - 600_000 }] },
      3,
      'the home page: the last result is of 10 min ago',
    ],
    [
      'soft',
      { standing: { ...failing, kind: 'soft', attempt: 1 } },
      2,
      'the home page (attempt 1 of 3): I should see "x": there is none',
    ],
    [
      'a warning',
      { standing: { ...failing, shown: 'warning' } },
      1,
      'the home page: I should see "x": there is none',
    ],
    [
      'in quarantine',
      { standing: failing, check: { quarantine } },
      1,
      'the home page: I should see "x": there is none',
    ],
    ['well in quarantine', { check: { quarantine } }, 0, 'the home page (0.12 s, 14 s ago)'],
  ] as const satisfies readonly (readonly [string, Difference, number, string])[])(
    '%s',
    (_, difference, code, summary) => {
      const said = told(difference);
      expect(said.code).toBe(code);
      expect(said.output.replace(/^SHOP \w+ - /, '')).toBe(summary);
    },
  );

  test('what people should know stands below', () => {
    const { long } = told({
      standing: { flapping: true, flapPercent: 39.1, suppressedBy: 'production.net.dns' },
      check: { quarantine },
    });
    expect(long.split('\n')).toEqual([
      'it is flapping (39 %)',
      'it needs production.net.dns, which is down',
      'in quarantine until 2026-11-27T12:00:00Z, by ann: flaky',
    ]);
  });
});
