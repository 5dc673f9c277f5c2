import { type Key, type Kind, kindOf, kinds } from './thing.ts';

/** How a thread goes over an edge. */
export type Way =
  /** From cause to effect, and back. */
  | 'directed'
  /** To what came later downwards, to what came earlier upwards: the link does not say which caused which. */
  | 'either'
  /** Both ends are one thing under two names. */
  | 'same'
  /** To a hub: shown, and the end of the way. */
  | 'context'
  /** Of commits: only for what a deployment includes. */
  | 'ancestry';

interface Description {
  readonly way: Way;
  /** What the first has to do with the second, between their names. */
  readonly forward: string;
  /** The other way round. */
  readonly backward: string;
}

const directed = (forward: string, backward: string): Description => ({
  way: 'directed',
  forward,
  backward,
});

/** Every kind of edge. New ones at the end: snapshots hold their places. */
export const edgeKinds = {
  asked: directed('worked on in', 'works on'),
  fixed: directed('fixed by', 'fixes'),
  in: directed('is in', 'has commit'),
  merged: directed('merged as', 'is the merge of'),
  reverted: directed('reverted by', 'reverts'),
  picked: directed('picked as', 'picked from'),
  tagged: directed('tagged', 'is the tag of'),
  released: directed('released as', 'is the release of'),
  built: directed('built by', 'built from'),
  ran: directed('ran', 'is part of'),
  produced: directed('produced', 'produced by'),
  packaged: directed('packaged as', 'packaged from'),
  attempted: directed('not yet deployed by', 'has not yet deployed'),
  deployed: directed('deployed by', 'deployed'),
  included: directed('included in', 'includes'),
  related: directed('named by', 'names'),
  suspected: directed('suspected of', 'suspects'),
  raised: directed('raised', 'raised by'),
  tracked: directed('tracked as', 'tracks'),
  reported: directed('reported in', 'reports'),
  followed: directed('followed by', 'follows'),
  linked: { way: 'either', forward: 'linked to', backward: 'linked to' },
  chained: { way: 'either', forward: 'in one chain with', backward: 'in one chain with' },
  same: { way: 'same', forward: 'is', backward: 'is' },
  at: { way: 'context', forward: 'of', backward: 'has' },
  parent: { way: 'ancestry', forward: 'parent of', backward: 'child of' },
} as const satisfies Record<string, Description>;

export type EdgeKind = keyof typeof edgeKinds;

/** The kinds by the number under which the graph keeps them. */
export const edgeKindList = Object.keys(edgeKinds) as readonly EdgeKind[];

/** One thing leads to another. */
export interface Edge {
  readonly from: Key;
  readonly to: Key;
  readonly kind: EdgeKind;
}

const rank = new Map<Kind, number>(kinds.map((kind, at) => [kind, at]));
const trouble: ReadonlySet<Kind> = new Set(['alert', 'incident', 'case']);
const wanted: ReadonlySet<Kind> = new Set(['card', 'ticket']);

/** What a thing of the second kind is to each thing that leads to it. */
const arrivals: Partial<Record<Kind, EdgeKind>> = {
  tag: 'tagged',
  release: 'released',
  build: 'built',
  task: 'built',
  artifact: 'packaged',
  deployment: 'deployed',
  alert: 'related',
  incident: 'related',
  case: 'reported',
};

/** Where that depends on the first as well. */
const special: Readonly<Record<string, EdgeKind>> = {
  'commit change': 'in',
  'build task': 'ran',
  'build artifact': 'produced',
  'task artifact': 'produced',
  'alert incident': 'raised',
};

/** The edge between two things that one fact names, whichever is named first. */
export function edgeBetween(one: Key, other: Key): Edge | undefined {
  if (one === other) return undefined;
  const [a, b] = [kindOf(one), kindOf(other)];
  if (wanted.has(a) && trouble.has(b)) return { from: other, to: one, kind: 'tracked' };
  if (wanted.has(b) && trouble.has(a)) return { from: one, to: other, kind: 'tracked' };
  const ahead = (rank.get(a) ?? 0) <= (rank.get(b) ?? 0);
  const [from, to] = ahead ? [one, other] : [other, one];
  return { from, to, kind: between(kindOf(from), kindOf(to)) };
}

function between(from: Kind, to: Kind): EdgeKind {
  if (from === to || (wanted.has(from) && wanted.has(to))) return 'linked';
  if (wanted.has(from)) return 'asked';
  return special[`${from} ${to}`] ?? arrivals[to] ?? 'linked';
}
