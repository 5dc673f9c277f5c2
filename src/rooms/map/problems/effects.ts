import type { RecordedChanges } from '../changes.ts';
import { type HealthState, processKey } from '../health.ts';
import type { MapModel } from '../model.ts';

/** Shorter outages are no test of a need, ms. */
const leastOutage = 60_000;
/** So long after an outage its effect may still come, ms. */
const settling = 120_000;
/** Outages without effect after which a need is doubted. */
export const doubtedAfter = 3;
/** Outages that are kept as evidence. */
const keptOutages = 5;

/** An outage of a need. */
export interface Outage {
  /** ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Of the fact that says that it began. */
  readonly offset: number;
}

/** What came of the outages of one hard need. */
export interface NeedEffect {
  /** Node or key of a process. */
  readonly from: string;
  readonly to: string;
  /** Outages in which who needs it was seen to be bad. */
  readonly felt: number;
  /** Outages in which it was seen to be good all the time. */
  readonly unfelt: number;
  /** When the need became doubtful, ms since the epoch; undefined: it is not. */
  readonly since: number | undefined;
  /** The last that were not felt, oldest first. */
  readonly outages: readonly Outage[];
}

/** The recording of health, as far as it is looked at. */
interface Recorded {
  readonly changes: RecordedChanges;
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
}

/**
 * What came of the outages of each hard need within a window, ms since the epoch. An outage counts
 * when it is over, was recorded whole, and who needs it was observed all the time: where nothing is
 * known of one of the two, nothing is said.
 */
export function needEffects(
  model: MapModel,
  recorded: Recorded,
  window: { readonly from: number; readonly to: number },
): NeedEffect[] {
  const outages = new Map<string, Outage[]>();
  return hardNeeds(model).map(({ from, to }) => {
    let those = outages.get(to);
    if (!those) outages.set(to, (those = outagesOf(to, recorded, window)));
    return effectOf({ from, to }, those, recorded.changes);
  });
}

function hardNeeds({ edges, processes }: MapModel): { from: string; to: string }[] {
  const ofNodes = edges.filter(({ kind }) => kind === 'hard');
  const ofProcesses = [...processes.values()].flatMap(({ id, needs }) =>
    needs
      .filter(({ kind }) => kind === 'hard')
      .map((need) => ({
        from: processKey(id),
        to: processes.has(need.id) ? processKey(need.id) : need.id,
      })),
  );
  return [...ofNodes.map(({ from, to }) => ({ from, to })), ...ofProcesses];
}

function outagesOf(
  id: string,
  { changes, gaps }: Recorded,
  { from, to }: { readonly from: number; readonly to: number },
): Outage[] {
  const found: Outage[] = [];
  let began: { time: number; offset: number } | undefined;
  for (const { time, offset, shown } of changes.between(from, to, id)) {
    if (shown === 'down') began ??= { time, offset };
    else if (began) {
      found.push({ from: began.time, to: time, offset: began.offset });
      began = undefined;
    }
  }
  return found.filter(
    (one) =>
      one.to - one.from >= leastOutage &&
      one.to + settling <= to &&
      !gaps.some((gap) => gap.from < one.to + settling && gap.to > one.from),
  );
}

function effectOf(
  need: { readonly from: string; readonly to: string },
  outages: readonly Outage[],
  changes: RecordedChanges,
): NeedEffect {
  const unfelt: Outage[] = [];
  let felt = 0;
  for (const outage of outages) {
    const states = observedIn(need.from, outage, changes);
    if (states.every((state) => state === 'ok')) unfelt.push(outage);
    else if (states.some((state) => state !== 'ok' && state !== 'no-evidence')) felt++;
  }
  const since = felt === 0 ? unfelt[doubtedAfter - 1]?.to : undefined;
  return { ...need, felt, unfelt: unfelt.length, since, outages: unfelt.slice(-keptOutages) };
}

/** What was observed of a node from the beginning of an outage until its effect had come. */
function observedIn(id: string, { from, to }: Outage, changes: RecordedChanges): HealthState[] {
  const states = [changes.lastOf(id, from)?.observed ?? 'no-evidence'];
  for (const { observed } of changes.between(from, to + settling, id)) states.push(observed);
  return states;
}
