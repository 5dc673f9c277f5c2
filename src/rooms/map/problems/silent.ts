import { processKey } from '../health.ts';
import type { MapNode, NodeNames } from '../model.ts';
import type { MapProblem } from '../seen.ts';
import { spanText } from '../health/piece.ts';
import type { Situation } from './situation.ts';
import type { LastHeard } from './whereabouts.ts';
import { agoText, calledText } from './words.ts';

/** So long after it was declared a node may be silent, ms. */
const grace = 10 * 60_000;
/** So many times the life of its evidence: what comes a little late is not told again and again. */
const lateness = 3;

/** People, and what they do: no event need come from them. */
const human: ReadonlySet<string> = new Set(['step', 'role', 'team', 'actor']);

/** Nodes and processes of which nothing was heard, ever or for too long. */
export function silentProblems(
  situation: Situation,
  heard: ReadonlyMap<string, LastHeard>,
): MapProblem[] {
  const { model } = situation;
  const { staleAfter } = model;
  const staged = new Set(model.streams.flatMap(({ stages }) => stages.map(({ node }) => node)));
  const bound = new Set(model.bind.map(({ node }) => node));
  const isExpected = (node: MapNode): boolean =>
    hasNames(node.names) || bound.has(node.id) || (isWatched(node) && !staged.has(node.id));
  const ofNodes = [...model.nodes.values()].filter(isExpected).map(({ id, names, freshFor }) => ({
    key: id,
    names,
    bound: bound.has(id),
    limit: freshFor === undefined ? staleAfter : freshFor * lateness,
  }));
  const ofProcesses = [...model.processes.values()]
    .filter(({ names }) => hasNames(names))
    .map(({ id, names }) => ({ key: processKey(id), names, bound: false, limit: staleAfter }));
  return [...ofNodes, ...ofProcesses].flatMap((one) => {
    const last = heard.get(one.key);
    return (last ? staleProblem(one, last, situation) : neverProblem(one, situation)) ?? [];
  });
}

interface Expected {
  /** Id of the node, key of the process. */
  readonly key: string;
  readonly names: NodeNames;
  /** A binding leads to it by its id. */
  readonly bound: boolean;
  /** Silence of so long is told, ms. */
  readonly limit: number;
}

const hasNames = (names: NodeNames): boolean => Object.keys(names).length > 0;

/** What has no name is missed only where machines are. */
const isWatched = ({ quadrant, kind }: MapNode): boolean =>
  (quadrant === 'production' || quadrant === 'pipeline') && !human.has(kind);

function neverProblem(
  { key, names, bound }: Expected,
  { model, declaredAt, now, overflowed }: Situation,
): MapProblem | undefined {
  const since = declaredAt.get(key);
  if (since === undefined || now - since < grace || overflowed === true) return undefined;
  const what = calledText(key, model);
  const named = Object.entries(names).map(([name, value]) => `${name} ${value}`);
  const silent = bound
    ? 'no event has come by its binding'
    : `no event with ${named.join(' or ')} has come`;
  const message =
    named.length === 0 && !bound
      ? `No event can find ${what}: it has no service, host, source, check or other name, and no binding leads to it.`
      : `${what} was declared ${agoText(since, now)} and was never seen: ${silent}.`;
  const id = `declared-never-seen/${key}`;
  return { id, kind: 'declared-never-seen', node: key, message, since, evidence: [] };
}

function staleProblem(
  { key, limit }: Expected,
  { time, evidence }: LastHeard,
  { model, now }: Situation,
): MapProblem | undefined {
  if (now - time <= limit) return undefined;
  const what = calledText(key, model);
  const message = `${what} was seen ${agoText(time, now)} for the last time, which is more than ${spanText(limit)}: ${evidence.text}.`;
  const since = time + limit;
  return { id: `stale/${key}`, kind: 'stale', node: key, message, since, evidence: [evidence] };
}
