import type { DraftNode } from '../draft-map.ts';
import { kindAmong } from '../problems/uncalled-for.ts';
import { countText, countedText } from '../problems/words.ts';
import type { Seen, SeenCall } from '../seen.ts';
import type { Environments } from './environments.ts';
import { isAddress, kindOfService } from './kinds.ts';
import { type Sketch, grouped, instantText, lastOf, seenComment } from './sketch.ts';

/** Services that are drawn: those that were seen most. */
const maxServices = 400;
/** Databases, queues and others' systems that are drawn. */
const maxCalled = 200;
const maxCalls = 1_500;

/** Ids of the nodes of services, by the name of the service. */
export type ServiceNodes = ReadonlyMap<string, string>;

/** Draws services, what they call, and the calls as needs. */
export function drawServices(
  sketch: Sketch,
  { seen, calls }: { readonly seen: readonly Seen[]; readonly calls: readonly SeenCall[] },
  environments: Environments,
): ServiceNodes {
  const nodes = new Map<string, string>();
  const services = [...grouped(seen, ({ service }) => service)]
    .toSorted(([, a], [, b]) => total(b) - total(a))
    .slice(0, maxServices);
  for (const [service, those] of services) {
    const [id] = drawService(sketch, { service, seen: those, calls }, environments);
    if (id !== undefined) nodes.set(service, id);
  }
  drawCalled(sketch, calls, nodes, new Set(services.map(([service]) => service)));
  for (const call of calls.toSorted((a, b) => b.count - a.count).slice(0, maxCalls))
    drawCall(sketch, call, nodes);
  return nodes;
}

const total = (seen: readonly Seen[]): number => seen.reduce((sum, { count }) => sum + count, 0);

interface Service {
  readonly service: string;
  readonly seen: readonly Seen[];
  readonly calls: readonly SeenCall[];
}

/**
 * One node, unless what is seen before production would speak for it: then it names the environment,
 * or those before production have nodes of their own. The main node is the first id.
 */
function drawService(sketch: Sketch, of: Service, { isBefore }: Environments): string[] {
  const { seen } = of;
  const places = grouped(seen, ({ environment }) => environment ?? '');
  const before = [...places.keys()].filter((name) => isBefore(name === '' ? undefined : name));
  const used = [...places.keys()].filter((name) => !before.includes(name));
  if (before.length === 0) return [draw(sketch, of, {})];
  // Those before production are found by the node of the environment.
  if (!places.has(''))
    return used.map((environment, i) =>
      draw(sketch, { ...of, seen: places.get(environment) ?? [] }, { environment, first: i === 0 }),
    );
  return [
    draw(sketch, { ...of, seen: used.flatMap((name) => places.get(name) ?? []) }, {}),
    ...before.map((environment) =>
      draw(sketch, { ...of, seen: places.get(environment) ?? [] }, { environment, before: true }),
    ),
  ];
}

interface Where {
  readonly environment?: string;
  /** It bears the name of the service alone. */
  readonly first?: boolean;
  readonly before?: boolean;
}

function draw(sketch: Sketch, { service, seen, calls }: Service, where: Where): string {
  const { environment, first = false, before = false } = where;
  const is = kindAmong(
    service,
    calls.filter(({ from, to }) => from === service || to === service),
  );
  const node: Omit<DraftNode, 'id'> = {
    quadrant: before ? 'pipeline' : 'production',
    // It speaks for itself, so it is none of those that are only called.
    kind: kindOfService(service, is === 'address' ? undefined : is),
    ...(before && environment !== undefined && { group: environment }),
    names: { service, ...(environment !== undefined && { environment }) },
    comment: seenComment(seen),
  };
  return sketch.node(
    environment === undefined || first ? service : `${service}-${environment}`,
    node,
  );
}

/** Draws what is called and says nothing itself; it is known by its name alone. */
function drawCalled(
  sketch: Sketch,
  calls: readonly SeenCall[],
  nodes: Map<string, string>,
  seen: ReadonlySet<string>,
): void {
  const ends = [
    ...grouped(
      calls.flatMap((call) => [
        { name: call.from, call },
        { name: call.to, call },
      ]),
      ({ name }) => (seen.has(name) || isAddress(name) ? undefined : name),
    ),
  ];
  for (const [name, those] of ends.slice(0, maxCalled)) {
    const own = those.map(({ call }) => call);
    const kind = kindOfService(name, kindAmong(name, own));
    const count = own.reduce((sum, call) => sum + call.count, 0);
    const id = sketch.node(name, {
      quadrant: 'production',
      // Nobody here runs what never says anything, as far as one can see.
      kind: kind === 'app' ? 'external' : kind,
      names: { service: name },
      comment: `seen in ${countedText(count, 'call')}, last ${instantText(lastOf(own))}; it says nothing itself`,
    });
    nodes.set(name, id);
  }
}

/** Who calls needs who is called; of a queue both ends need it softly, whichever way it goes. */
function drawCall(sketch: Sketch, call: SeenCall, nodes: ServiceNodes): void {
  const [from, to] = [nodes.get(call.from), nodes.get(call.to)];
  if (from === undefined || to === undefined) return;
  const comment = `seen ${countText(call.count)} ${call.count === 1 ? 'call' : 'calls'}`;
  if (call.fromIs === 'queue') sketch.edge({ from: to, to: from, kind: 'soft', comment });
  else sketch.edge({ from, to, kind: call.toIs === 'queue' ? 'soft' : 'hard', comment });
}
