import { isOwn } from '../bind/names.ts';
import type { MapDraft } from '../draft-map.ts';
import type { Quadrant } from '../model.ts';
import type { Seen, SeenCall } from '../seen.ts';
import { type Environments, drawEnvironments } from './environments.ts';
import { drawHosts } from './hosts.ts';
import { programsIn, withoutService } from './programs.ts';
import { type ServiceNodes, drawServices } from './services.ts';
import { Sketch } from './sketch.ts';
import { type WorkNodes, drawWork } from './work.ts';

/** Entries that people are drawn to. */
const maxEntries = 5;

interface WhatWasSeen {
  readonly seen: readonly Seen[];
  readonly calls: readonly SeenCall[];
}

/**
 * A map of all four quadrants, made of what was seen: a beginning, to be written on by people. What
 * was seen is found by it, but for what has no room. Of a quadrant of which nothing was seen there
 * is what most teams have, and a comment that says so.
 */
export function draftOf({ seen, calls }: WhatWasSeen): MapDraft {
  const programs = programsIn(seen);
  const others = seen
    .filter((one) => !isOwn(one))
    .map((one) => (programs.has(one.service ?? '') ? withoutService(one) : one));
  const between = calls.filter(({ from, to }) => from !== 'territory' && to !== 'territory');
  const sketch = new Sketch();
  const users = sketch.node('users', { quadrant: 'production', kind: 'actor', anchor: true });
  const environments = drawEnvironments(sketch, others);
  const services = drawServices(sketch, { seen: others, calls: between }, environments);
  const left = drawHosts(sketch, others, environments);
  const work = drawWork(sketch, others, [...left, ...placeless(others, environments)]);
  drawMissing(sketch);
  drawEntries(sketch, users, { services, calls: between });
  drawWays(sketch, work, environments);
  return sketch.draft();
}

/** What neither a service nor a host nor an environment would find. */
function placeless(seen: readonly Seen[], { isBefore }: Environments): Seen[] {
  return seen.filter(
    ({ service, host, environment }) =>
      service === undefined && host === undefined && !isBefore(environment),
  );
}

/** What most teams have, of a quadrant of which nothing was seen. */
function drawMissing(sketch: Sketch): void {
  const has = (quadrant: Quadrant): boolean =>
    sketch.nodes.some((node) => node.quadrant === quadrant && node.anchor !== true);
  const guess = (name: string, quadrant: Quadrant, kind: string, comment: string): string =>
    sketch.node(name, { quadrant, kind, comment });
  if (!has('production')) {
    const comment = 'nothing was seen yet: give it the service.name under which it sends';
    sketch.node('app', { quadrant: 'production', kind: 'app', names: { service: 'app' }, comment });
  }
  if (!has('pipeline')) {
    const comment = 'nothing was seen yet: send facts of builds, or take the webhooks of the forge';
    guess('build', 'pipeline', 'build-server', comment);
  }
  if (!has('development')) {
    const code = 'nothing was seen yet: import the git repository';
    const review = 'nothing was seen yet: take the webhooks of the forge';
    sketch.flow([
      guess('code', 'development', 'step', code),
      guess('review', 'development', 'step', review),
    ]);
  }
  if (!has('support')) {
    const desk = 'nothing was seen yet: who hears of problems first';
    const from = guess('helpdesk', 'support', 'role', desk);
    const to = guess('second-line', 'support', 'role', 'and who is asked next');
    sketch.edge({ from, to, kind: 'escalation' });
  }
}

/** People come in by the load balancers, else by what nobody calls. */
function drawEntries(
  sketch: Sketch,
  users: string,
  { services, calls }: { readonly services: ServiceNodes; readonly calls: readonly SeenCall[] },
): void {
  const balancers = sketch.nodes.filter(
    ({ kind, quadrant }) => kind === 'load-balancer' && quadrant === 'production',
  );
  const called = new Set(calls.map(({ to }) => to));
  const callers = new Set(calls.filter(({ fromIs }) => fromIs !== 'queue').map(({ from }) => from));
  const first = [...callers].flatMap((name) =>
    called.has(name) ? [] : (services.get(name) ?? []),
  );
  const apps = sketch.nodes.filter(({ kind }) => kind === 'app').map(({ id }) => id);
  const entries = [balancers.map(({ id }) => id), first, apps].find((ids) => ids.length > 0) ?? [];
  const comment = entries === apps ? { comment: 'a guess: nobody was seen to call it' } : {};
  for (const to of entries.slice(0, maxEntries))
    sketch.edge({ from: users, to, kind: 'flow', ...comment });
}

/** The way of a change, as far as it was seen, and that of a problem. */
function drawWays(sketch: Sketch, work: WorkNodes, { nodes }: Environments): void {
  sketch.flow([
    work.get('backlog'),
    work.get('code'),
    work.get('review'),
    work.get('repository'),
    work.get('build'),
    ...nodes,
  ]);
  const [desk, onCall] = [work.get('helpdesk'), work.get('on-call')];
  if (desk !== undefined && onCall !== undefined)
    sketch.edge({ from: desk, to: onCall, kind: 'escalation' });
}
