import type { PlacedEvent } from '../../../event/codec.ts';
import type { Draft } from '../../../event/event.ts';
import { isRecord } from '../../../event/json.ts';
import { Payload, defined } from '../../../rooms/alerts/facts.ts';
import { type CheckDefinition, checkStates } from '../../../rooms/checks/definition.ts';
import {
  type CheckRun,
  type MissedSlot,
  checksSource,
  missReasons,
} from '../../../rooms/checks/run.ts';

/** Slots of one check that had no run, the last of them by name. */
export interface Missed extends MissedSlot {
  /** How many slots it stands for: those of a long stop are told at once. */
  readonly slots: number;
}

/** What came of a slot. */
export type Outcome =
  | { readonly kind: 'run'; readonly run: CheckRun }
  | { readonly kind: 'missed'; readonly missed: Missed };

/** What a reading is about. */
type About = Pick<CheckDefinition, 'application' | 'environment' | 'interval'>;

/** Characters of what a run says on the log. */
const maxSummary = 500;
/** Values of one run that become readings. */
const maxValues = 50;

/**
 * The readings of a run: the check with its state, about 500 bytes, and one metric for each value
 * that it measured.
 * @param staleAfter intervals after which it is stale
 */
export function draftsOfRun(run: CheckRun, about: About, staleAfter: number): Draft[] {
  const { check, slot, started, ended, state, durationMs, lagMs, attempts } = run;
  const { release, sha, lookbackMs } = run;
  const performance = run.performance.slice(0, maxValues);
  const common = defined({
    time: ended,
    service: about.application,
    environment: about.environment,
  });
  const data = defined({
    slot,
    started,
    lag: lagMs,
    ...(attempts === 1 ? {} : { attempts }),
    ...(run.summary === '' ? {} : { output: run.summary.slice(0, maxSummary) }),
    release,
    sha,
    lookback: lookbackMs,
    values: performance.length === 0 ? undefined : performance.map((one) => defined({ ...one })),
  });
  const metrics = performance.map(({ label, value, unit }): Draft => {
    const attributes = { check, ...(unit === '' ? {} : { unit: unitWords[unit] ?? unit }) };
    const id = `${check}-${slot}-${label}`;
    return { ...common, id, type: 'metric', name: `${check}.${label}`, metric: value, attributes };
  });
  return [
    {
      ...common,
      id: `${check}-${slot}`,
      type: 'check',
      name: check,
      state,
      metric: durationMs / 1000,
      ttl: Math.ceil((about.interval * staleAfter) / 1000),
      data,
    },
    ...metrics,
  ];
}

/** As UCUM has them. */
const unitWords: Readonly<Record<string, string>> = { B: 'By', c: '1' };

/** The reading of slots that had no run. */
export function draftOfMissed({ check, slot, why, slots }: Missed, about: About): Draft {
  return defined({
    id: `${check}-${slot}`,
    time: slot,
    type: 'check.missed',
    service: about.application,
    environment: about.environment,
    name: check,
    metric: slots,
    attributes: { why },
    data: { slot },
  });
}

/** What a reading of ours says; undefined for any other, and for one that makes no sense. */
export function outcomeOf(event: PlacedEvent): Outcome | undefined {
  const { type, name: check, source } = event;
  if (source !== checksSource || check === undefined) return undefined;
  const payload = new Payload(event.data);
  const slot = payload.number('slot');
  if (slot === undefined) return undefined;
  if (type === 'check.missed') {
    const why = missReasons.find((one) => one === event.attributes?.['why']);
    return why && { kind: 'missed', missed: { check, slot, why, slots: event.metric ?? 1 } };
  }
  return type === 'check' ? runOf(event, { check, slot, payload }) : undefined;
}

function runOf(
  event: PlacedEvent,
  { check, slot, payload }: { readonly check: string; slot: number; payload: Payload },
): Outcome | undefined {
  const state = checkStates.find((one) => one === event.state);
  if (!state) return undefined;
  const lookbackMs = payload.number('lookback');
  const run: CheckRun = {
    check,
    slot,
    started: payload.number('started') ?? event.time,
    ended: event.time,
    state,
    summary: payload.text('output') ?? '',
    durationMs: Math.round((event.metric ?? 0) * 1000),
    lagMs: payload.number('lag') ?? 0,
    attempts: payload.number('attempts') ?? 1,
    release: payload.text('release'),
    sha: payload.text('sha') ?? '',
    performance: valuesIn(payload.json('values')),
    ...(lookbackMs === undefined ? {} : { lookbackMs }),
  };
  return { kind: 'run', run };
}

function valuesIn(list: unknown): CheckRun['performance'] {
  const items: unknown[] = Array.isArray(list) ? list : [];
  return items.filter(isRecord).flatMap((item) => {
    const one = new Payload(item);
    const [label, value] = [one.text('label'), one.number('value')];
    if (label === undefined || value === undefined) return [];
    const limits = { warning: one.number('warning'), critical: one.number('critical') };
    return [{ label, value, unit: one.text('unit') ?? '', ...defined(limits) }];
  });
}
