import { type Evidence, type Health, processKey } from '../health.ts';
import type { MapModel } from '../model.ts';
import type { MapProblem } from '../seen.ts';
import type { NeedEffect } from './effects.ts';
import { type Situation, sinceOf } from './situation.ts';
import { type ProblemEvidence, agoText, calledText, countText, listText } from './words.ts';

/** Where the health of nodes and processes speaks against what the map says of needs. */
export function doubts(situation: Situation): MapProblem[] {
  const { model, health, effects = [] } = situation;
  const contradictions = [...health].flatMap(([key, one]) =>
    isOnMap(key, model) && one.contradiction ? contradiction(key, one, situation) : [],
  );
  return [
    ...contradictions,
    ...unexplained(situation),
    ...effects.flatMap((effect) => withoutEffect(effect, situation) ?? []),
  ];
}

function contradiction(key: string, { because, evidence }: Health, situation: Situation) {
  const { model, health } = situation;
  const [, need = ''] = because;
  const cause = because.at(-1) ?? need;
  const good = evidence.filter(({ state, stale }) => state === 'ok' && !stale).slice(0, 3);
  const bad = (health.get(cause)?.evidence ?? []).filter(isBad).slice(0, 2);
  const what = calledText(key, model);
  const needed = calledText(need, model);
  const through = cause === need ? '' : ` (because of ${calledText(cause, model)})`;
  const message =
    need === ''
      ? `${what} should be down by what it needs, and is seen to be good${saidText(good)}.`
      : `${what} should be down, because it needs ${needed}, which is${through}; it is seen to be good${saidText(good)}. Perhaps it does not need ${needed} that much: then write ~> for =>.`;
  return problemOf('contradiction', key, message, {
    situation,
    evidence: [...good, ...bad].map(placed),
  });
}

/** A node that is bad by itself is the cause; a process has no more in it than what it needs. */
function unexplained(situation: Situation): MapProblem[] {
  const { model, health } = situation;
  return [...model.processes.values()].flatMap(({ id, needs }) => {
    const key = processKey(id);
    const one = health.get(key);
    const grouped = model.groups.some(({ from }) => from === id || from === key);
    if (!one || (needs.length === 0 && !grouped)) return [];
    const { observed, inferred } = one;
    if (observed === 'ok' || observed === 'no-evidence' || inferred !== 'ok') return [];
    const bad = one.evidence.filter(isBad).slice(0, 3);
    const message = `${calledText(key, model)} is seen to be ${stateText(observed)}${saidText(bad)}, while everything that it is said to need is good: a need is missing on the map, or what it is measured by is wrong.`;
    return problemOf('unexplained', key, message, { situation, evidence: bad.map(placed) });
  });
}

function withoutEffect(effect: NeedEffect, situation: Situation): MapProblem | undefined {
  const { from, to, since, unfelt, outages } = effect;
  const { model, now } = situation;
  const last = outages.at(-1);
  if (since === undefined || !last || !isOnMap(from, model) || !isOnMap(to, model))
    return undefined;
  const needed = calledText(to, model);
  const message = `${calledText(from, model)} is said to need ${needed}, and was seen to be good each of the ${countText(unfelt)} times that it was down, the last ${agoText(last.to, now)}. Perhaps it is a soft need: then write ~> for =>.`;
  return {
    id: `need-without-effect/${from}=>${to}`,
    kind: 'need-without-effect',
    node: from,
    message,
    since,
    evidence: outages.map(({ offset, from: time }) => ({
      stream: 'facts',
      offset,
      time,
      text: `${needed} went down`,
    })),
  };
}

function problemOf(
  kind: MapProblem['kind'],
  key: string,
  message: string,
  rest: { readonly situation: Situation; readonly evidence: readonly ProblemEvidence[] },
): MapProblem[] {
  const id = `${kind}/${key}`;
  // It is there now; since when is known only from when it was found.
  const since = sinceOf(id, rest.situation.now, rest.situation);
  return [{ id, kind, node: key, message, since, evidence: rest.evidence }];
}

const isBad = ({ state, stale }: Evidence): boolean =>
  !stale && state !== 'ok' && state !== 'no-evidence';

const stateText = (state: string): string => state.replace('-', ' ');

function saidText(evidence: readonly Evidence[]): string {
  return evidence.length === 0 ? '' : ` (${listText(evidence.map(({ text }) => text))})`;
}

function placed({ stream, offset, time, text }: Evidence): ProblemEvidence {
  return { stream, offset, time, text };
}

function isOnMap(key: string, { nodes, processes }: MapModel): boolean {
  return nodes.has(key) || processes.has(key.replace(/^process:/, ''));
}
