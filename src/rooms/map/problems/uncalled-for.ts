import { snippetOf } from '../code/write.ts';
import { freeId, isAddress, kindOfService } from '../draft/kinds.ts';
import type { CalledKind, MapProblem, SeenCall } from '../seen.ts';
import { isOwn } from '../bind/names.ts';
import { type Situation, sinceOf } from './situation.ts';
import { type DeclaredServices, callEvidence } from './whereabouts.ts';
import { agoText, countedText, listText } from './words.ts';

/** Calls that stand as evidence. */
const maxEvidence = 3;

/**
 * What services call and what is not on the map: databases, queues, others' systems. They seldom
 * say anything themselves. `isTold`: it speaks for itself, and is told of as a service.
 */
export function uncalledFor(
  situation: Situation,
  declared: DeclaredServices,
  isTold: (service: string) => boolean,
): MapProblem[] {
  const { model, calls, now } = situation;
  const byName = new Map<string, SeenCall[]>();
  for (const call of calls) {
    if (now - call.last > model.staleAfter) continue;
    for (const name of endsOf(call)) {
      if (isTold(name) || isAddress(name) || declared.nodesOf(name).length > 0) continue;
      const known = byName.get(name);
      if (known) known.push(call);
      else byName.set(name, [call]);
    }
  }
  return [...byName].map(([name, those]) => problemOf(name, those, situation));
}

function problemOf(name: string, calls: readonly SeenCall[], situation: Situation): MapProblem {
  const { model, now } = situation;
  const newest = calls.toSorted((a, b) => b.last - a.last);
  const last = Math.max(...calls.map((call) => call.last));
  const first = Math.min(...calls.map((call) => call.first ?? call.last));
  const count = calls.reduce((sum, call) => sum + call.count, 0);
  const others = [...new Set(calls.map(({ from, to }) => (to === name ? from : to)))].toSorted();
  const node = {
    id: freeId(name, (one) => model.nodes.has(one)),
    quadrant: 'production',
    kind: kindOfService(name, kindAmong(name, calls)),
    names: { service: name },
  } as const;
  const id = `seen-never-declared/call/${name}`;
  return {
    id,
    kind: 'seen-never-declared',
    message: `${name} is not on the map: ${countedText(count, 'call')} between it and ${listText(others)}, the last ${agoText(last, now)}.`,
    snippet: snippetOf({ nodes: [node], edges: [] }),
    since: sinceOf(id, first, situation),
    evidence: newest.slice(0, maxEvidence).map(callEvidence),
  };
}

/** What an end of calls is, as far as any of them says it. */
export function kindAmong(name: string, calls: readonly SeenCall[]): CalledKind | undefined {
  return calls
    .map(({ to, fromIs, toIs }) => (to === name ? toIs : fromIs))
    .find((is) => is !== undefined);
}

function endsOf({ from, to }: SeenCall): string[] {
  return [from, to].filter((service) => !isOwn({ source: '', service }));
}
