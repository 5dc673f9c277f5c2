import { compileMap } from '../src/rooms/map/code/compile.ts';
import {
  type HealthState,
  type Observed,
  type Signal,
  processKey,
} from '../src/rooms/map/health.ts';
import { assess } from '../src/rooms/map/health/assess.ts';
import { observe } from '../src/rooms/map/health/observe.ts';
import { simulate } from '../src/rooms/map/health/simulate.ts';
import type { MapModel } from '../src/rooms/map/model.ts';
import { sizedMap } from '../src/rooms/map/sized-map.suite.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Claim: how everything on a map of 500 nodes is, with the way to each cause, is worked out anew in
 * a part of the time of one JSON.parse(JSON.stringify()) of the same nodes and needs, so that it
 * need not be done in pieces. Beside it the plain way in the same run: from each node a walk to all
 * that it needs, for the worst state alone, without groups, caps or causes.
 */
const sizes = (process.argv[2] ?? '20,60,120,250,500').split(',').map(Number);
const rounds = Number(process.argv[3] ?? 200);

/** A repeatable random number, 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function modelOf(nodes: number): MapModel {
  const { model, faults } = compileMap({ file: 'map.yaml', text: sizedMap(nodes).text });
  if (!model) throw new Error(JSON.stringify(faults[0]));
  return model;
}

/** Most is well, some is not known, one in twenty is bad: other ones in each round. */
function observedIn(ids: readonly string[], random: () => number): Map<string, Observed> {
  const stateOf = (at: number): HealthState =>
    at < 0.6 ? 'ok' : at < 0.95 ? 'no-evidence' : at < 0.98 ? 'degraded' : 'down';
  return new Map(ids.map((id) => [id, { state: stateOf(random()), evidence: [] }]));
}

const order: readonly HealthState[] = ['ok', 'no-evidence', 'at-risk', 'degraded', 'down'];

/** The plain way: a walk from each node. */
function walk(model: MapModel, observed: ReadonlyMap<string, Observed>): Map<string, HealthState> {
  const needs = new Map<string, string[]>();
  for (const { from, to, kind } of model.edges)
    if (kind !== 'flow' && kind !== 'escalation') needs.set(from, [...(needs.get(from) ?? []), to]);
  for (const { id, needs: all } of model.processes.values())
    needs.set(
      processKey(id),
      all.map((need) => need.id),
    );
  const ids = [...model.nodes.keys(), ...[...model.processes.keys()].map(processKey)];
  return new Map(
    ids.map((id) => {
      const seen = new Set([id]);
      for (const one of seen) for (const need of needs.get(one) ?? []) seen.add(need);
      const ranks = [...seen].map((one) =>
        order.indexOf(observed.get(one)?.state ?? 'no-evidence'),
      );
      return [id, order[Math.max(...ranks)] ?? 'ok'];
    }),
  );
}

/** ms of each round, after a warm-up of a fifth. */
function timed(work: (round: number) => unknown): number[] {
  const times: number[] = [];
  for (let round = -rounds / 5; round < rounds; round++) {
    const begin = performance.now();
    work(round);
    if (round >= 0) times.push(performance.now() - begin);
  }
  return times;
}

console.log(machine());
for (const size of sizes) {
  const model = modelOf(size);
  const ids = [...model.nodes.keys(), ...[...model.processes.keys()].map(processKey)];
  const random = randomFrom(size);
  const cases = Array.from({ length: 20 }, () => observedIn(ids, random));
  const caseOf = (round: number) => cases[Math.abs(Math.floor(round)) % cases.length] ?? new Map();
  const plain = { nodes: [...model.nodes.values()], edges: model.edges, groups: model.groups };
  const ours = timed((round) => assess(model, caseOf(round)));
  const json = timed(() => JSON.parse(JSON.stringify(plain)) as unknown);
  const walked = timed((round) => walk(model, caseOf(round)));
  const what = `${model.nodes.size} nodes, ${model.edges.length} edges`;
  console.log(ratio(`assess, ${what}`, ours, { name: 'JSON round trip', values: json }, 'ms'));
  console.log(ratio(`assess, ${what}`, ours, { name: 'a walk from each', values: walked }, 'ms'));
  console.log(
    `simulate one node down, ${what}: ${show(
      timed((round) => simulate(model, caseOf(round), [ids[0] ?? ''])),
      'ms',
    )}`,
  );
}

const node = modelOf(20).nodes.values().next().value;
if (node) {
  const signals = Array.from({ length: 100 }, (_, at): Signal => {
    const state = at === 7 ? 'warning' : 'ok';
    const place = { stream: 'readings', offset: at, source: '/bench' } as const;
    return { kind: 'check', key: `check/${at}`, time: at, name: `check ${at}`, state, ...place };
  });
  const times = timed(() => observe(node, signals, 1_000));
  console.log(`observe a node with 100 checks: ${show(times, 'ms')}`);
}
