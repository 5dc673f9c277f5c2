import type { Thread, ThreadEdge, ThreadThing } from '../../server/api/contract-thread.ts';

/** Names of the kinds, as people say them. */
const kindWords: Readonly<Record<string, string>> = {
  build: 'run',
  task: 'job',
  artifact: 'artefact',
  condition: 'alert',
};

export const kindInWords = (kind: string): string => kindWords[kind] ?? kind;

/** A name that fits a line: commits are cut, the whole one is the link. */
export const shortName = ({ kind, name }: Pick<ThreadThing, 'kind' | 'name'>): string =>
  kind === 'commit' ? name.slice(0, 10) : name;

/** The sides of a thread in the order in which they are read. */
export function sidesOf({ things }: Thread) {
  const on = (side: ThreadThing['side']) => things.filter((thing) => thing.side === side);
  return { up: on('up'), focus: on('focus'), down: on('down'), beside: on('beside') };
}

/** How a thing hangs on the others that are nearer to what was asked for. */
export interface Reason {
  readonly words: string;
  readonly other: ThreadThing;
  readonly edge: ThreadEdge;
}

/** Why a thing stands in a thread. */
export function reasonsOf(thing: ThreadThing, { things, edges }: Thread): Reason[] {
  return edges.flatMap((edge) => {
    if (edge.from !== thing.key && edge.to !== thing.key) return [];
    const key = edge.from === thing.key ? edge.to : edge.from;
    const other = things.find((one) => one.key === key);
    if (!other || other.side === 'beside' || other.distance >= thing.distance) return [];
    return [{ words: edge.from === thing.key ? edge.forward : edge.backward, other, edge }];
  });
}

/** When it began: its first fact, or when another named it. */
export const timeOf = ({ first, seen }: ThreadThing): number => first?.time ?? seen;
