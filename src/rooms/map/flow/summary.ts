import { bottleneckOf } from './bottleneck.ts';
import type { FlowingItem, Part } from './item.ts';
import { littlesLaw } from './littles-law.ts';
import { type Spread, spreadOf } from './spread.ts';
import type { StreamMarks } from './marks.ts';
import type { ValueStream } from '../model.ts';
import { type WorkKind, workKinds } from './work-kind.ts';

/** An unfinished item that nothing is heard of for so long is not counted as in progress, ms. */
export const quietAfter = 30 * 86_400_000;

/** ms since the epoch, UTC; both ends are part of it. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** An item that goes through a stream, and what it is done for. */
export interface Work {
  readonly item: FlowingItem;
  readonly kind: WorkKind;
}

/** The times of one stage: of the items that left it in the window. */
export interface StageSummary {
  readonly id: string;
  readonly title: string;
  readonly node: string;
  readonly leadTime: Spread;
  /** Of the items of which it was seen that they were worked on. */
  readonly processTime: Spread;
  readonly wait: Spread;
  /** Of the items that had any in this stage. */
  readonly rework: Spread;
  /** Items whose work came back to it. */
  readonly reworked: number;
  /** Share of the items handed on whose work never came back; null: nobody would have told. */
  readonly accurate: number | null;
  /** Items in it at the end of the window. */
  readonly wip: number;
  readonly arrivals: number;
  readonly departures: number;
  readonly littlesLaw: ReturnType<typeof littlesLaw>;
}

/** The times of a stream: of the items that were finished in the window. */
export interface Summary {
  readonly stages: readonly StageSummary[];
  readonly leadTime: Spread;
  readonly rolledAccurate: number | null;
  readonly activityRatio: number | null;
  readonly flow: {
    readonly velocity: number;
    readonly time: Spread;
    readonly load: number;
    readonly efficiency: number | null;
    readonly distribution: Readonly<Record<string, number>>;
  };
  readonly bottleneck: ReturnType<typeof bottleneckOf>;
  /** Items that fell silent on their way in the window. */
  readonly unlinked: number;
}

const within = (time: number | undefined, { from, to }: Window): boolean =>
  time !== undefined && time >= from && time <= to;

/** Whether it was finished in the window. */
export const isFinished = ({ end }: FlowingItem, window: Window): boolean => within(end, window);

/** Whether it is under way at the end of the window. */
export const isInProgress = (item: FlowingItem, { to }: Window): boolean =>
  item.start <= to && leftAt(item, to) > to;

/** Until when it was under way: what fell silent until it was heard of last. */
function leftAt({ end, stopped, heard }: FlowingItem, to: number): number {
  return end ?? stopped ?? (heard < to - quietAfter ? heard : Infinity);
}

/**
 * The figures of a stream over a window. Yields between its parts, so that others get their turn.
 * Definitions and their sources: docs/reference/map-times.md.
 */
export function* summarise(
  stream: ValueStream,
  marks: StreamMarks,
  work: readonly Work[],
  window: Window,
): Generator<void, Summary> {
  const finished = work.filter(({ item }) => isFinished(item, window));
  yield;
  const stages: StageSummary[] = [];
  for (const [stage, { id, title, node }] of stream.stages.entries()) {
    const found = partsIn(work, stage);
    yield;
    stages.push({ id, title, node, ...(yield* stageSummary(found, window)) });
  }
  const leadTime = spreadOf(finished.map(({ item }) => lengthOf(item)));
  yield;
  const { activityRatio, efficiency } = activity(finished);
  const known = stages.flatMap(({ accurate }) => accurate ?? []);
  return {
    stages,
    leadTime,
    rolledAccurate: known.length === 0 ? null : known.reduce((all, one) => all * one, 1),
    activityRatio,
    flow: {
      velocity: finished.length,
      time: leadTime,
      load: work.filter(({ item }) => isInProgress(item, window)).length,
      efficiency,
      distribution: distributionOf(finished),
    },
    bottleneck: bottleneckOf(marks.kind, stages, leadTime.p50),
    unlinked: work.filter(({ item }) => isUnlinked(item, window)).length,
  };
}

const lengthOf = ({ start, end }: FlowingItem): number => (end ?? start) - start;

interface Found {
  readonly part: Part;
  readonly item: FlowingItem;
}

function partsIn(work: readonly Work[], stage: number): Found[] {
  return work.flatMap(({ item }) =>
    item.parts.flatMap((part): Found[] => (part.stage === stage ? [{ part, item }] : [])),
  );
}

function* stageSummary(
  found: readonly Found[],
  window: Window,
): Generator<void, Omit<StageSummary, 'id' | 'title' | 'node'>> {
  const { from, to } = window;
  const left = found.flatMap(({ part }) => (within(part.exit, window) ? part : []));
  yield;
  const leadTime = spreadOf(left.map(({ enter, exit = enter }) => exit - enter));
  yield;
  const processTime = spreadOf(left.map(({ active }) => active).filter((ms) => ms > 0));
  yield;
  const wait = spreadOf(left.map((part) => part.wait));
  yield;
  const rework = spreadOf(left.map((part) => part.rework).filter((ms) => ms > 0));
  yield;
  const arrivals = found.filter(({ part }) => within(part.enter, window)).length;
  const reworked = left.filter(({ returns }) => returns > 0).length;
  const judged = left.some((part) => part.judged);
  let present = 0;
  let wip = 0;
  for (const { part, item } of found) {
    const until = part.exit ?? leftAt(item, to);
    present += Math.max(0, Math.min(until, to) - Math.max(part.enter, from));
    if (part.enter <= to && until > to) wip++;
  }
  return {
    leadTime,
    processTime,
    wait,
    rework,
    reworked,
    accurate: judged ? 1 - reworked / left.length : null,
    wip,
    arrivals,
    departures: left.length,
    littlesLaw: littlesLaw({
      arrivals,
      departures: left.length,
      meanTime: leadTime.mean,
      present,
      length: to - from,
    }),
  };
}

/** What was not seen to be worked on is not known, and no 0. */
function activity(finished: readonly Work[]): {
  readonly activityRatio: number | null;
  readonly efficiency: number | null;
} {
  let [active, wait, all] = [0, 0, 0];
  for (const { item } of finished) {
    all += lengthOf(item);
    for (const part of item.parts) {
      active += part.active;
      wait += part.wait;
    }
  }
  if (active === 0) return { activityRatio: null, efficiency: null };
  return { activityRatio: active / all, efficiency: active / (active + wait) };
}

function distributionOf(finished: readonly Work[]): Record<string, number> {
  if (finished.length === 0) return {};
  const counts: Record<string, number> = Object.fromEntries(workKinds.map((kind) => [kind, 0]));
  for (const { kind } of finished) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function isUnlinked({ end, stopped, heard }: FlowingItem, { from, to }: Window): boolean {
  if (end !== undefined || stopped !== undefined) return false;
  return heard < to - quietAfter && heard >= from - quietAfter;
}
