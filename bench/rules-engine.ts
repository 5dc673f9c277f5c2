import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Batch } from '../src/event/batch.ts';
import { EventReader } from '../src/event/event-reader.ts';
import type { Event } from '../src/event/event.ts';
import { Engine } from '../src/rules/engine/engine.ts';
import { collectRulesNow } from '../src/rules/language/collect.ts';
import type { RulePlan } from '../src/rules/language/plan.ts';
import { operators } from '../src/rules/operators/table.ts';
import { events, rule } from '../src/rules/rules.ts';
import { compileRules } from '../src/server/rules/loading/compile.ts';
import { loadRuleFile } from '../src/server/rules/loading/load.ts';
import { Bodies } from './load/events.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Claim: the rule engine alone does 500,000 events/s on one core with four rules: the latest of each
 * (host, service), a rate by host, changes of state by (host, service) and percentiles by service.
 * Beside a bare loop over the same events that computes the same with Maps and arrays. Then the ready
 * rules of library/ with decoding, and what 100,000 keys take in memory.
 *
 * Counted by CPU seconds of the whole process, the collection of garbage included, so that others on
 * the machine disturb less. "index" is `changed` of a field that never changes: it keeps the latest of
 * each key and decides once a key. (host, service) is one of 21,652 pairs, picked at random for each
 * event, which is hard on the caches.
 *
 * usage: rules-engine.ts [million events a round] [rounds]
 */
const total = Number(process.argv[2] ?? 4) * 1_000_000;
const rounds = Number(process.argv[3] ?? 3);
const perBatch = 1000;

const four: Readonly<Record<string, () => ReturnType<typeof rule>>> = {
  index: () =>
    rule('index', () =>
      events.by('host', 'service').changed('environment').emit({ name: 'index' }),
    ),
  rate: () => rule('rate', () => events.by('host').rate('5s').emit({ name: 'rate' })),
  changed: () =>
    rule('changed', () => events.by('host', 'service').changed('state').emit({ name: 'changed' })),
  percentiles: () =>
    rule('percentiles', () =>
      events
        .where('type = "metric"')
        .by('service')
        .window({ every: '10s' })
        .quantiles(0.5, 0.95, 0.99)
        .emit({ name: 'percentiles' }),
    ),
};

function plansOf(...names: readonly string[]): readonly RulePlan[] {
  return collectRulesNow(() => {
    for (const name of names) four[name]?.();
  });
}

async function libraryPlans(): Promise<readonly RulePlan[]> {
  const outDir = mkdtempSync(join(tmpdir(), 'territory-bench-'));
  try {
    const directory = join(import.meta.dirname, '..', 'library');
    const files = await compileRules({ directory, outDir });
    const plans: RulePlan[] = [];
    for (const { module, file } of files)
      if (module !== undefined) plans.push(...(await loadRuleFile(module, file)));
    return plans;
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** Anything that takes events and says something. */
interface Taker {
  readonly take: (events: readonly Event[]) => void;
  readonly said: () => number;
}

class Rules implements Taker {
  readonly engine: Engine;
  #said = 0;

  constructor(plans: readonly RulePlan[]) {
    this.engine = new Engine({
      kinds: operators,
      onDecision: () => void this.#said++,
      onProblem: (problem) => {
        throw new Error(problem.message);
      },
    });
    this.engine.seat(plans.map((plan) => this.engine.prepare(plan)));
  }

  take(batch: readonly Event[]): void {
    this.engine.batch(batch);
  }

  said(): number {
    return this.#said;
  }
}

/** Batches of the log, 200 events to the millisecond: as 200,000 a second arrive. */
function* batches(): Generator<Batch> {
  const bodies = new Bodies({ count: 50, batch: perBatch, ids: true });
  const start = Date.UTC(2026, 0, 1);
  for (let n = 0; n < total / perBatch; n++) {
    const received = start + n * 5;
    yield {
      stream: 'readings',
      first: 1 + n * perBatch,
      count: perBatch,
      received,
      source: '/bench',
      bytes: bodies.next(received),
    };
  }
}

/** What the four rules compute, written by hand for these events only. */
class BareLoop implements Taker {
  readonly #latest = new Map<string, string>();
  readonly #states = new Map<string, string>();
  readonly #sums = new Map<string, number>();
  readonly #values = new Map<string, number[]>();
  #rateEnd = 0;
  #windowEnd = 0;
  #said = 0;

  take(batch: readonly Event[]): void {
    for (const event of batch) this.#event(event);
  }

  said(): number {
    return this.#said;
  }

  #event(event: Event): void {
    this.#keep(event);
    const host = event.host ?? '';
    if (event.time >= this.#rateEnd) this.#rates(event.time);
    this.#sums.set(host, (this.#sums.get(host) ?? 0) + (event.metric ?? 1));
    if (event.time >= this.#windowEnd) this.#percentiles(event.time);
    if (event.metric === undefined) return;
    const service = event.service ?? '';
    const values = this.#values.get(service);
    if (values) values.push(event.metric);
    else this.#values.set(service, [event.metric]);
  }

  #keep({ host, service, environment = '', state = '' }: Event): void {
    const key = `${host}\0${service}`;
    if (this.#latest.get(key) !== environment) {
      this.#said++;
      this.#latest.set(key, environment);
    }
    if (this.#states.get(key) !== state) {
      this.#said++;
      this.#states.set(key, state);
    }
  }

  #rates(time: number): void {
    this.#rateEnd = Math.floor(time / 5000) * 5000 + 5000;
    this.#said += this.#sums.size;
    this.#sums.clear();
  }

  #percentiles(time: number): void {
    this.#windowEnd = Math.floor(time / 10_000) * 10_000 + 10_000;
    for (const values of this.#values.values()) {
      values.sort((a, b) => a - b);
      this.#said += 3;
    }
    this.#values.clear();
  }
}

/** Events a CPU second: of all, and of those behind the first fifth, when most keys are there. */
interface Speed {
  readonly all: number;
  readonly later: number;
}

const cpuMicros = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** What `work` needs for each batch, counted without what `prepare` does before it. */
function measure<T>(prepare: (batch: Batch) => T, work: (prepared: T) => void): Speed {
  let first = 0;
  let later = 0;
  let done = 0;
  for (const batch of batches()) {
    const prepared = prepare(batch);
    const before = cpuMicros();
    work(prepared);
    const spent = cpuMicros() - before;
    if (done < total / 5) first += spent;
    else later += spent;
    done += perBatch;
  }
  return { all: (total / (first + later)) * 1e6, later: ((total * 0.8) / later) * 1e6 };
}

console.log(machine());
const speeds: Record<string, Speed[]> = {};
const valuesOf = (name: string, which: keyof Speed): readonly number[] =>
  (speeds[name] ?? []).map((speed) => speed[which]);

function round(name: string, taker: Taker, decode: 'before' | 'too', kept: boolean): void {
  const reader = new EventReader();
  const speed =
    decode === 'before'
      ? measure(
          (batch) => reader.read(batch),
          (decoded) => taker.take(decoded),
        )
      : measure(
          (batch) => batch,
          (batch) => taker.take(reader.read(batch)),
        );
  if (kept) (speeds[name] ??= []).push(speed);
  else console.log(`  ${name}: ${taker.said().toLocaleString('en')} decisions`);
}

const ready = await libraryPlans();
for (let n = -1; n < rounds; n++) {
  const kept = n >= 0; // the first is to warm up
  round('four rules', new Rules(plansOf(...Object.keys(four))), 'before', kept);
  round('bare loop', new BareLoop(), 'before', kept);
  for (const name of Object.keys(four)) round(name, new Rules(plansOf(name)), 'before', kept);
  round('four rules and decoding', new Rules(plansOf(...Object.keys(four))), 'too', kept);
  round('library', new Rules(ready), 'too', kept);
}
for (const which of ['all', 'later'] as const) {
  const peer = { name: 'a bare loop with Maps', values: valuesOf('bare loop', which) };
  const when = which === 'all' ? 'new keys included' : 'after the first fifth';
  console.log(ratio(`four rules, ${when}`, valuesOf('four rules', which), peer, 'events/s'));
}
for (const name of Object.keys(four))
  console.log(`  ${name} alone: ${show(valuesOf(name, 'later'), 'events/s')}`);
console.log(`with decoding: ${show(valuesOf('four rules and decoding', 'all'), 'events/s')}`);
console.log(
  `decoding and the ${ready.length} rules of library/: ${show(valuesOf('library', 'all'), 'events/s')}`,
);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is in use after a collection. */
function heapMiB(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const keys = 100_000;
const before = heapMiB();
const { engine } = new Rules(plansOf(...Object.keys(four)));
for (let k = 0; k < keys; k += perBatch)
  engine.batch(
    Array.from({ length: perBatch }, (_, i) => ({
      id: '',
      type: 'metric',
      source: 'bench',
      host: `host-${(k + i) % 1000}`,
      service: `service-${k + i}`,
      state: 'ok',
      metric: i,
      time: Date.UTC(2026, 0, 1) + k,
      received: Date.UTC(2026, 0, 1) + k,
    })),
  );
const held = engine.stats().reduce((sum, stat) => sum + stat.keys, 0);
console.log(
  `memory: ${(heapMiB() - before).toFixed(0)} MiB for ${held} keys in four rules (wanted: 100,000 keys under 512 MB)`,
);
