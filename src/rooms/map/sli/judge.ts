import type { HealthState } from '../health.ts';
import { numberText, spanText } from '../health/piece.ts';
import {
  type Amount,
  type Bound,
  type Comparison,
  type Past,
  type SliPlan,
  isTimeUnit,
  timeUnitOf,
  timeUnits,
} from './plan.ts';

/** What history found for a plan. */
export interface Found {
  /** The measure now; null where there is no data. */
  readonly value: number | null;
  /** The units that its events say, when the plan compares in time; '' for events that say none. */
  readonly units: readonly string[];
  /** The measure in each past that the plan compares with; null where there is no data. */
  readonly past: ReadonlyMap<Past, number | null>;
  /** Whether anything else came in the window: then `or 0` holds. */
  readonly othersCame: boolean;
}

export interface Judged {
  readonly state: HealthState;
  readonly value: number | null;
  /** The number that it is compared with, where that comes from the past. */
  readonly against: number | null;
  /** What was found, in a sentence. */
  readonly text: string;
}

/**
 * How a process is by its measure: down where `down` does not hold, else ok where `ok` holds, else
 * degraded. What cannot be known is no evidence, and says why: no data is not 0.
 */
export function judge(plan: SliPlan, found: Found): Judged {
  const none = { state: 'no-evidence', value: null, against: null } as const;
  const value = found.value === null && plan.orZero && found.othersCame ? 0 : found.value;
  if (value === null) return { ...none, text: nothing(plan, found) };
  const unit = unitOf(plan, found.units);
  if ('wrong' in unit) return { ...none, text: `${plan.text} ${unit.wrong}` };
  const write = writerOf(plan, unit.name);
  const measured = { value, unitMs: unit.ms, past: found.past, write };
  const ok = { asked: `ok is ${plan.ok.text}`, ...verdict(plan.ok, measured) };
  const down = plan.down && {
    asked: `down unless ${plan.down.text}`,
    ...verdict(plan.down, measured),
  };
  const deciding = down?.holds === false ? down : ok;
  return {
    state: deciding === down ? 'down' : stateOf(ok.holds),
    value,
    against: deciding.against,
    text: `${plan.text} is ${write(value)}, ${deciding.asked}${deciding.pasts}`,
  };
}

const stateOf = (ok: boolean | undefined): HealthState =>
  ok === undefined ? 'no-evidence' : ok ? 'ok' : 'degraded';

function nothing({ of, window, orZero }: SliPlan, { othersCame }: Found): string {
  const what = orZero && !othersCame ? 'nothing at all' : `no ${of}`;
  return `${what} came in the last ${spanText(window)}`;
}

/** What the value is in: its name, and how long one of it is where it is a time. */
type ValueUnit = { readonly name: string; readonly ms: number } | { readonly wrong: string };

/**
 * Times are compared in the unit that the events say, and are taken as written where they say none.
 */
function unitOf(plan: SliPlan, units: readonly string[]): ValueUnit {
  const written = timeUnitOf(plan);
  if (written === undefined) return { name: '', ms: 1 };
  const [unit = '', ...others] = new Set(units);
  if (others.length > 0)
    return {
      wrong: `has values in several units: ${units.map((one) => one || 'none').join(', ')}`,
    };
  if (unit === '') return { name: written, ms: timeUnits[written] };
  const ms = inMs[unit];
  if (ms === undefined) return { wrong: `has values in ${unit}, which is no unit of time` };
  return { name: unit, ms };
}

/** Units of time as UCUM has them, ms. */
const inMs: Readonly<Record<string, number>> = { ...timeUnits, us: 1e-3, ns: 1e-6, d: 86_400_000 };

/** How the values of a plan are written for people. */
function writerOf({ aggregate, ratio, ok }: SliPlan, unit: string): (value: number) => string {
  const inPercent = ok.all.some(({ amount }) => amount.kind === 'number' && amount.unit === '%');
  if (ratio !== undefined)
    return (value) => (inPercent ? `${numberText(value * 100)}%` : numberText(value));
  if (aggregate === 'rate') return (value) => `${numberText(value)}/s`;
  const behind = inPercent ? '%' : unit === '' ? '' : ` ${unit}`;
  return (value) => `${numberText(value)}${behind}`;
}

interface Measured {
  readonly value: number;
  /** Of a time: how long one of its unit is. */
  readonly unitMs: number;
  readonly past: Found['past'];
  readonly write: (value: number) => string;
}

interface Verdict {
  /** Undefined: it is not known. */
  readonly holds: boolean | undefined;
  readonly against: number | null;
  /** What it was in the past, in brackets; empty where nothing of the past is asked. */
  readonly pasts: string;
}

/** Whether all of it holds; one part that is known not to decides, whatever the others are. */
function verdict({ all }: Bound, measured: Measured): Verdict {
  const each = all.map((one) => ({ ...one, holds: holds(one, measured) }));
  const fails = each.find((one) => one.holds === false);
  const isUnknown = each.some((one) => one.holds === undefined);
  const compared = (fails ? [fails] : each).find(({ amount }) => amount.kind === 'past');
  const pasts = [...new Set(all.flatMap(({ amount }) => saidOf(amount, measured)))].join(', ');
  return {
    holds: fails ? false : isUnknown ? undefined : true,
    against: (compared && amountOf(compared.amount, measured)) ?? null,
    pasts: pasts === '' ? '' : ` (${pasts})`,
  };
}

function holds({ op, amount }: Comparison, measured: Measured): boolean | undefined {
  const { value } = measured;
  const against = amountOf(amount, measured);
  if (against === undefined) return undefined;
  switch (op) {
    case '>':
      return value > against;
    case '>=':
      return value >= against;
    case '<':
      return value < against;
    case '<=':
      return value <= against;
  }
}

/** In the unit of the value; undefined where there was no data then. */
function amountOf(amount: Amount, { unitMs, past }: Measured): number | undefined {
  if (amount.kind === 'number')
    return isTimeUnit(amount.unit)
      ? (amount.value * timeUnits[amount.unit]) / unitMs
      : amount.value;
  const then = past.get(amount.past) ?? undefined;
  return then === undefined ? undefined : amount.factor * then;
}

function saidOf(amount: Amount, { past, write }: Measured): string[] {
  if (amount.kind === 'number') return [];
  const then = past.get(amount.past) ?? undefined;
  return [`${amount.past}: ${then === undefined ? 'no data' : write(then)}`];
}
