import type { FlowAnswer, FlowItem, FlowStage } from '../../../server/api/contract-map-flow.ts';

/** How a span of time divides, ms. The three add up to the whole. */
export interface Division {
  readonly work: number;
  readonly wait: number;
  readonly rework: number;
}

export const wholeOf = ({ work, wait, rework }: Division): number => work + wait + rework;

/**
 * The mean item of a stage; undefined: no item has left it in the window. Means add up, medians do
 * not. Those of work and rework are over the items that had any, so they are spread over all here.
 */
export function meanOf(stage: FlowStage): Division | undefined {
  const { leadTime, processTime, rework } = stage;
  if (leadTime.mean === null || leadTime.count === 0) return undefined;
  const ofAll = ({ mean, count }: FlowStage['rework']): number =>
    ((mean ?? 0) * count) / leadTime.count;
  const back = Math.min(ofAll(rework), leadTime.mean);
  const work = Math.min(ofAll(processTime), leadTime.mean - back);
  return { work, rework: back, wait: leadTime.mean - back - work };
}

type Part = FlowItem['parts'][number];

/** A stage that an item went through, in its place along the item's whole time. */
export interface Stretch extends Division {
  readonly stage: string;
  /** From the start of the item, ms. */
  readonly start: number;
  readonly returns: number;
  /** The item is still in it. */
  readonly open: boolean;
}

/** The stages of an item one after another. What is not finished lasts until `now`. */
export function stretchesOf(item: FlowItem, now: number): readonly Stretch[] {
  return item.parts.map((part) => {
    const length = (part.exit ?? Math.max(now, part.enter)) - part.enter;
    const rework = Math.min(part.rework, length);
    const work = Math.min(part.active, length - rework);
    return {
      stage: part.stage,
      start: part.enter - item.start,
      work,
      rework,
      wait: length - work - rework,
      returns: part.returns,
      open: part.exit === null,
    };
  });
}

/** What a number is made of. */
export const behindWhat = ['in', 'out', 'wip', 'rework', 'finished', 'load'] as const;
export type Behind = (typeof behindWhat)[number];

export const isBehind = (text: string | undefined): text is Behind =>
  behindWhat.some((one) => one === text);

/** The items that a number counts; of one stage where the number is one of a stage. */
export function itemsBehind(
  answer: FlowAnswer,
  what: Behind,
  stage: string | undefined,
): readonly FlowItem[] {
  const fits = tests[what];
  if (what === 'finished' || what === 'load')
    return answer.items.filter((item) => fits({ enter: item.start, exit: item.end }, answer, 0));
  return answer.items.filter((item) =>
    item.parts.some((part: Part) => part.stage === stage && fits(part, answer, part.returns)),
  );
}

type Times = Pick<Part, 'enter' | 'exit'>;
type Window = Pick<FlowAnswer, 'from' | 'to'>;
const within = (time: number | null, { from, to }: Window): boolean =>
  time !== null && time >= from && time < to;
const isIn = ({ enter, exit }: Times, { to }: Window): boolean =>
  enter < to && (exit === null || exit >= to);
const tests: Readonly<Record<Behind, (at: Times, window: Window, returns: number) => boolean>> = {
  in: ({ enter }, window) => within(enter, window),
  out: ({ exit }, window) => within(exit, window),
  finished: ({ exit }, window) => within(exit, window),
  wip: isIn,
  load: isIn,
  rework: ({ exit }, window, returns) => returns > 0 && within(exit, window),
};
