import type { EventPattern, ValueStream } from '../model.ts';
import { builtIn } from './built-in.ts';
import type { Role } from './role.ts';

/** Blames the stage before the one that the item is in. */
export const upstream = -1;

/** One thing to look for. */
export interface Mark {
  readonly role: Role;
  /** Number of the stage; of a return the one whose work it was, or `upstream`. */
  readonly stage: number;
  /** Of `start` and `end`: which of the stage's active intervals. */
  readonly pair: number;
  /** Of a return: the item itself goes back to the stage, and is there again. */
  readonly moves: boolean;
  /** Undefined where it follows from other things than the fact alone. */
  readonly on: EventPattern | undefined;
}

/** A stream as items are read by it. */
export interface StreamMarks {
  readonly kind: ValueStream['item'];
  /** How many stages there are. */
  readonly stages: number;
  readonly marks: readonly Mark[];
  /** Place in `marks` of the return that takes an item back to the first stage; of the others behind it. */
  readonly back: number;
  /** By stage: whether facts would tell if its work came back, though none did. */
  readonly told: readonly boolean[];
}

const mark = (role: Role, stage: number, on: EventPattern | undefined, more: Partial<Mark> = {}) =>
  ({ role, stage, pair: 0, moves: false, on, ...more }) satisfies Mark;

/** Everything that a stream looks for: what it declares, and what is built in for its kind of item. */
export function marksOf(stream: ValueStream): StreamMarks {
  const { stages, item } = stream;
  const last = stages.length - 1;
  const numbers = new Map(stages.map(({ id }, at) => [id, at]));
  const declared = stages.flatMap(({ enter, exit, active }, at): Mark[] => [
    ...enter.map((on) => mark('enter', at, on)),
    ...exit.map((on) => mark('exit', at, on)),
    ...active.flatMap(({ start, end }, pair) => [
      mark('start', at, start, { pair }),
      mark('end', at, end, { pair }),
    ]),
  ]);
  const returns = stream.back.map(({ on, blames }) =>
    mark('return', numbers.get(blames) ?? upstream, on),
  );
  const known = builtIn[item].map(({ role, on, reopens }) =>
    reopens ? mark(role, last, on, { moves: true }) : mark(role, upstream, on),
  );
  const marks = [...declared, ...returns, ...known];
  return {
    kind: item,
    stages: stages.length,
    marks: [...marks, ...stages.map((_, at) => mark('return', at, undefined, { moves: true }))],
    back: marks.length,
    told: stages.map(
      (_, at) => item === 'card' || at === last || returns.some(({ stage }) => stage === at),
    ),
  };
}
