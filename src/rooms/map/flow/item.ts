import { type Interval, lengthWithin, merged, without } from './intervals.ts';
import { type Mark, type StreamMarks, upstream } from './marks.ts';
import type { Role } from './role.ts';

/** A fact about an item, as far as its times are concerned. */
export interface Moment {
  /** ms since the epoch, UTC. */
  readonly time: number;
  /** Place in the marks of the stream. */
  readonly mark: number;
  /** What the fact was about: a start and an end of one thing belong together. */
  readonly thing: number;
}

/** The time of an item in one stage. Durations in ms; `active + rework + wait` is all of it. */
export interface Part {
  readonly stage: number;
  readonly enter: number;
  /** Undefined: it is still there. */
  readonly exit: number | undefined;
  readonly active: number;
  readonly rework: number;
  readonly wait: number;
  /** How often the work of this stage came back. */
  readonly returns: number;
  /** Whether it would be known if it had. */
  readonly judged: boolean;
}

/** One passage through a stream. The parts follow one another from start to end without gaps. */
export interface FlowingItem {
  readonly start: number;
  readonly end: number | undefined;
  /** Given up at that time. */
  readonly stopped: number | undefined;
  /** When it was heard of last. */
  readonly heard: number;
  readonly parts: readonly Part[];
}

interface Placed extends Mark {
  readonly time: number;
  readonly thing: number;
  readonly place: number;
}

/**
 * The passages of one item, mostly one: an incident or case that begins anew after its end has more.
 * Stage k is left at its last exit before the next one is left (Martin & Osterling, "Value Stream
 * Mapping": lead time runs from hand-off to hand-off). A stage that was never seen to be left has no
 * part; its time is that of the stage behind it. Total, and the order of the moments does not matter.
 *
 * @param until the present, ms: the parts of what is not finished reach up to it
 */
export function readItem(
  stream: StreamMarks,
  moments: readonly Moment[],
  until: number,
): FlowingItem[] {
  const sorted = moments
    .flatMap(({ time, mark, thing }): Placed[] => {
      const found = stream.marks[mark];
      return found && Number.isFinite(time) ? [{ ...found, time, thing, place: mark }] : [];
    })
    .sort(inOrder);
  const told = stream.kind === 'card' ? moves(stream, sorted) : sorted;
  const passages =
    stream.kind === 'incident' || stream.kind === 'case' ? episodes(stream, told) : [told];
  return passages.flatMap((passage) => passageOf(stream, passage, until) ?? []);
}

/** What comes back is looked at first: the same fact may say that the item is there again. */
const inOrder = (a: Placed, b: Placed): number =>
  a.time - b.time ||
  Number(b.role === 'return') - Number(a.role === 'return') ||
  a.place - b.place ||
  a.thing - b.thing;

/** Of cards: what moves to an earlier stage than it was in came back to it. */
function moves(stream: StreamMarks, sorted: readonly Placed[]): Placed[] {
  const told: Placed[] = [];
  let at = 0;
  let backAt: number | undefined;
  for (const moment of sorted) {
    const to = stageReached(moment);
    if (to === undefined) {
      if (moment.moves) at = Math.min(at, moment.stage);
      told.push(moment);
    } else if (to < at) {
      told.push(...returned(stream, moment, to));
      backAt = moment.time;
      at = to;
    } else if (to > at || backAt !== moment.time) {
      // Of one that moved back, the same fact tells that the stage before was left.
      told.push(moment);
      at = to;
    }
  }
  return told;
}

/** Where a card is after a moment; undefined where that does not say. */
function stageReached({ role, stage }: Placed): number | undefined {
  if (role === 'exit') return stage + 1;
  return role === 'enter' ? stage : undefined;
}

function returned({ marks, back }: StreamMarks, { time, thing }: Placed, to: number): Placed[] {
  const mark = marks[back + to];
  return mark ? [{ ...mark, time, thing, place: back + to }] : [];
}

/** What begins again after its end is another one. */
function episodes({ stages }: StreamMarks, sorted: readonly Placed[]): Placed[][] {
  const all: Placed[][] = [[]];
  let end: number | undefined;
  for (const moment of sorted) {
    const { role, stage, time } = moment;
    if (role === 'return' && moment.moves) end = undefined;
    if (role === 'enter' && stage === 0 && end !== undefined && time > end) {
      all.push([]);
      end = undefined;
    }
    if (role === 'exit' && stage === stages - 1) end ??= time;
    all.at(-1)?.push(moment);
  }
  return all;
}

const times = (passage: readonly Placed[], role: Role, stage: number): number[] =>
  passage.filter((one) => one.role === role && one.stage === stage).map(({ time }) => time);

/**
 * Without hand-offs of stages before the one that it went back to: what is rolled back and comes with a
 * later build was not built for so long.
 */
function fromWhereItIs(passage: readonly Placed[]): Placed[] {
  let least = 0;
  return passage.filter(({ role, stage, moves: goes }) => {
    if (role === 'return' && goes) least = stage;
    return (role !== 'exit' && role !== 'enter') || stage >= least;
  });
}

function passageOf(
  stream: StreamMarks,
  told: readonly Placed[],
  until: number,
): FlowingItem | undefined {
  const passage = fromWhereItIs(told);
  const gates = passage.filter(({ role }) => role === 'enter' || role === 'exit');
  const [first] = gates;
  if (!first || stream.stages === 0) return undefined;
  const start = first.time;
  const { exits, current } = boundaries(stream, passage);
  const end = exits[stream.stages - 1];
  const stopped = end === undefined ? stopOf(passage) : undefined;
  const heard = told.at(-1)?.time ?? start;
  const upTo = end ?? Math.max(start, stopped ?? Math.max(until, heard));
  const spans = spansOf(start, exits, end === undefined ? current : undefined);
  return { start, end, stopped, heard, parts: partsOf(stream, passage, { spans, upTo }) };
}

/**
 * When each stage was left; of an unfinished item also where it is. An exit before the item went back
 * to that stage, or to an earlier one, does not count for where it is.
 */
function boundaries(
  { stages }: StreamMarks,
  passage: readonly Placed[],
): { readonly exits: (number | undefined)[]; readonly current: number } {
  const backs = passage.filter(({ role, moves: goes }) => role === 'return' && goes);
  const since = (stage: number): number =>
    Math.max(...backs.filter((one) => one.stage <= stage).map(({ time }) => time), -Infinity);
  const exits: (number | undefined)[] = Array.from({ length: stages }, () => undefined);
  const last = stages - 1;
  const end = times(passage, 'exit', last).find((time) => time > since(last));
  exits[last] = end;
  let cursor = end;
  let current = backs.at(-1)?.stage ?? 0;
  for (let stage = last - 1; stage >= 0; stage--) {
    const least = cursor === undefined ? since(stage) : -Infinity;
    const most = cursor ?? Infinity;
    const fits = (time: number): boolean => time > least && time <= most;
    const left =
      times(passage, 'exit', stage).findLast(fits) ?? times(passage, 'enter', stage + 1).find(fits);
    if (left === undefined) continue;
    if (cursor === undefined) current = Math.max(current, stage + 1);
    exits[stage] = left;
    cursor = left;
  }
  return { exits, current };
}

/** It was given up, and nothing was done with it since. */
function stopOf(passage: readonly Placed[]): number | undefined {
  const last = passage.findLast(({ role }) => ['stop', 'enter', 'exit', 'again'].includes(role));
  return last?.role === 'stop' ? last.time : undefined;
}

interface Span {
  readonly stage: number;
  readonly enter: number;
  readonly exit: number | undefined;
}

function spansOf(
  start: number,
  exits: readonly (number | undefined)[],
  current: number | undefined,
): Span[] {
  const spans: Span[] = [];
  let enter = start;
  for (const [stage, exit] of exits.entries()) {
    if (exit === undefined) continue;
    spans.push({ stage, enter, exit });
    enter = exit;
  }
  if (current !== undefined) spans.push({ stage: current, enter, exit: undefined });
  return spans;
}

function partsOf(
  stream: StreamMarks,
  passage: readonly Placed[],
  { spans, upTo }: { readonly spans: readonly Span[]; readonly upTo: number },
): Part[] {
  const reworks = reworksOf(passage, spans, upTo);
  const rework = merged(reworks.map(({ interval }) => interval));
  return spans.map(({ stage, enter, exit }, at) => {
    const to = exit ?? Math.max(enter, upTo);
    const again = lengthWithin(rework, enter, to);
    const active = lengthWithin(without(activeOf(passage, stage), rework), enter, to);
    const blamed = reworks.filter(({ blames }) => blames === at);
    const next = spans[at + 1];
    return {
      stage,
      enter,
      exit,
      active,
      rework: again,
      wait: to - enter - again - active,
      returns: blamed.length,
      judged:
        blamed.length > 0 ||
        stream.told[stage] === true ||
        (next !== undefined && isJudged(passage, next)),
    };
  });
}

function isJudged(passage: readonly Placed[], { enter, exit }: Span): boolean {
  return passage.some(
    ({ role, time }) => role === 'judged' && time >= enter && time <= (exit ?? Infinity),
  );
}

interface Rework {
  readonly interval: Interval;
  /** Place among the spans; undefined where it is nobody's who handed it on. */
  readonly blames: number | undefined;
}

/**
 * From each return until the item is taken up again or handed on. What comes back once more before
 * that is the same return. Behind the end only what was declared counts, and takes no time.
 */
function reworksOf(passage: readonly Placed[], spans: readonly Span[], upTo: number): Rework[] {
  const found: Rework[] = [];
  for (const one of passage) {
    if (one.role !== 'return') continue;
    const over = spans.at(-1)?.exit !== undefined && one.time > upTo;
    if (over && one.stage === upstream) continue;
    const blames = blamedBy(one, spans);
    const same = found.some(
      ({ interval: [, to], blames: other }) => other === blames && one.time < to,
    );
    if (same) continue;
    const next = passage.find(
      ({ role, time }) =>
        time > one.time && (role === 'exit' || role === 'enter' || role === 'again'),
    );
    found.push({ interval: [one.time, Math.min(next?.time ?? upTo, upTo)], blames });
  }
  return found;
}

function blamedBy({ stage, time }: Placed, spans: readonly Span[]): number | undefined {
  const at =
    stage === upstream
      ? spans.findLastIndex(({ enter }) => enter <= time) - 1
      : spans.findLastIndex((span) => span.stage <= stage);
  return at < 0 ? undefined : at;
}

/** A start without an end counts nothing: how long was worked is not known. */
function activeOf(passage: readonly Placed[], stage: number): Interval[] {
  const ends = passage.filter((one) => one.role === 'end' && one.stage === stage);
  const starts = passage.filter((one) => one.role === 'start' && one.stage === stage);
  return merged(
    starts.flatMap((start): Interval[] => {
      const after = ends.filter(({ pair, time }) => pair === start.pair && time >= start.time);
      const end = after.find(({ thing }) => thing === start.thing) ?? after[0];
      return end ? [[start.time, end.time]] : [];
    }),
  );
}
