import { namedKey } from '../../correlate/labels.ts';
import { looks, lookTime } from '../../correlate/looks.ts';
import { defaultMoved, moved, type MovedSettings } from '../../correlate/moved.ts';
import type { Verdict } from '../../correlate/verdict.ts';
import type { Args } from '../../language/plan.ts';
import { controlOf } from './control.ts';
import { type Known, type Ledger, spansToSkip } from './ledger.ts';
import { pointsUntil, type Readings } from './readings.ts';

/** What the operator was given; times in ms. */
export interface Judging {
  readonly observe: number;
  /** So much later than it took effect a change may be told of. */
  readonly late: number;
  /** Of the intervals whose means are compared. */
  readonly width: number;
  readonly fields: readonly string[];
  readonly on: readonly string[];
  /** Keys that differ in this field alone, and are not touched, are the control. */
  readonly control: string;
  readonly settings: MovedSettings;
}

/** One key after one change. */
export interface Case {
  readonly ledger: Ledger;
  readonly known: Known;
  readonly labels: readonly string[];
  readonly readingsOf: (labels: readonly string[]) => Readings | undefined;
}

/** `observe` is cut into so many intervals, the most that are compared after a change. */
const intervals = defaultMoved.after;

/** What `moved` was given, as its parts need it. */
export function judgingOf(args: Args, fields: readonly string[]): Judging {
  const observe = Number(args['observe']);
  const width = Math.max(1, Math.round(observe / intervals));
  const before = Math.round(Number(args['baseline']) / width);
  return {
    observe,
    late: Number(args['late'] ?? 0),
    width,
    fields,
    on: (args['on'] as readonly string[] | undefined) ?? fields,
    control: (args['control'] as string | undefined) ?? 'host',
    settings: {
      ...defaultMoved,
      minEffect: Number(args['minEffect']),
      falseAlarms: Number(args['falseAlarms']),
      direction: args['direction'] as MovedSettings['direction'], // as `moved` took it
      before: Math.min(Math.max(before, defaultMoved.leastBefore), defaultMoved.before),
    },
  };
}

/** The verdict on a key at a look (from 0), and what else happened that may be seen in it. */
export function judge(
  judging: Judging,
  one: Case,
  look: number,
): { readonly verdict: Verdict; readonly also: readonly string[] } | undefined {
  const { ledger, known, labels } = one;
  const readings = one.readingsOf(labels);
  if (!readings) return undefined;
  const { passed, spend } = looks[look] ?? { passed: 1, spend: 1 };
  const { fields, width, late, on, observe, settings } = judging;
  const change = known.change.time;
  const until = lookTime(change, observe, look);
  const skip = spansToSkip(ledger, namedKey(fields, labels), { known, on, observe, late, until });
  const control = controlOf(judging, one, until);
  const verdict = moved(
    {
      series: pointsUntil(readings, until, { width, change, late }),
      change,
      rollout: known.rollout,
      skip,
      ...(control && { control }),
    },
    {
      ...settings,
      falseAlarms: settings.falseAlarms * spend,
      leastAfter: Math.floor(settings.leastAfter * passed),
    },
  );
  const named = verdict.evidence?.also ?? [];
  const also = skip.filter((span) => named.includes(span)).map(({ what }) => what);
  return { verdict, also };
}
