import type { Engine, RuleStat } from '../../../rules/engine/engine.ts';
import type { RuleRun } from '../../../rules/engine/rule-run.ts';
import type { RuleSnapshot } from '../../../rules/engine/snapshot.ts';
import type { LoadedRule } from '../loading/load.ts';
import type { Cursors, Stops } from './messages.ts';
import type { FileVersion, Versions } from './versions.ts';
import {
  onlyAddresses,
  pastNeeded,
  type ReadSome,
  type Warmed,
  Warming,
  type WarmingOptions,
} from './warming.ts';

/** A rule that has its place: what runs, and what is to run once it is warm. */
interface Place {
  readonly file: string;
  readonly rule: LoadedRule;
  /** The file's version that this is of; the same version is the same rule. */
  readonly version: FileVersion;
  /** Undefined while a new rule is being warmed for the first time. */
  run: RuleRun | undefined;
  /** The rule's next run is in there. */
  warming: Warming | undefined;
}

interface SeatingOptions extends WarmingOptions {
  readonly engine: Engine;
  /** The place in the log before all that was received after a time, ms. */
  readonly placeAt: (time: number) => Cursors;
}

/** A rule for those who look. */
export interface SeatedRule {
  readonly file: string;
  readonly rule: LoadedRule;
  readonly warming: boolean;
  readonly run: RuleRun | undefined;
  readonly stat: RuleStat | undefined;
}

/** How far the rules have come. */
export interface Moment {
  readonly at: Cursors;
  /** The same as a time of receiving, ms. */
  readonly now: number;
  readonly stops: Stops;
}

/**
 * Which rules run. A changed rule goes on with what each operator knew that is still at its
 * address. When others start empty it is first given the past, while its old version runs on; then
 * it takes over between two events, so that none is lost and none counts twice.
 */
export class Seating {
  readonly #options: SeatingOptions;
  #places = new Map<string, Place>();
  /** What rules knew at the last stop; used up by the first that asks. */
  readonly #kept = new Map<string, RuleSnapshot>();

  constructor(options: SeatingOptions, kept: readonly RuleSnapshot[]) {
    this.#options = options;
    for (const state of kept) this.#kept.set(state.rule, state);
  }

  /** Names of the rules that run or will. */
  get names(): readonly string[] {
    return [...this.#places.keys()];
  }

  /**
   * Lets the rules of these versions run from now on, and answers those that do no longer. A rule in
   * `stops` takes its place but does not run.
   */
  take(versions: Versions, { now, at, stops }: Moment): readonly string[] {
    const before = this.#places;
    const wanted = [...versions.values()].flatMap((version) =>
      version.rules.map((rule) => ({ rule, version, file: version.file })),
    );
    const cold: Place[] = [];
    this.#places = new Map();
    for (const one of wanted) {
      const old = before.get(one.rule.name);
      if (old && old.version === one.version) {
        this.#places.set(one.rule.name, old);
        continue;
      }
      const place: Place = { ...one, run: old?.run, warming: undefined };
      this.#places.set(one.rule.name, place);
      if (!this.#takeOver(place, stops)) cold.push(place);
    }
    this.#warm(cold, now, at);
    this.#seat();
    for (const [name, why] of Object.entries(stops)) this.#options.engine.stop(name, why);
    const known = new Set([...before.keys(), ...this.#kept.keys()]);
    this.#kept.clear();
    return [...known].filter((name) => !this.#places.has(name));
  }

  /** How many groups of rules are being warmed. */
  get warmings(): number {
    return this.#warmings().size;
  }

  /** Gives those that are being warmed some time. `at`: where the others are. */
  async warm(at: Cursors, ms: number, read: ReadSome): Promise<void> {
    const [warming] = this.#warmings();
    if (!warming || !(await warming.turn(at, ms, read))) return;
    for (const warmed of warming.end()) this.#finish(warming, warmed);
  }

  #warmings(): ReadonlySet<Warming> {
    return new Set([...this.#places.values()].flatMap((place) => place.warming ?? []));
  }

  rules(): readonly SeatedRule[] {
    const stats = new Map(this.#options.engine.stats().map((stat) => [stat.name, stat]));
    return [...this.#places.values()].map(({ file, rule, warming, run }) => ({
      file,
      rule,
      warming: warming !== undefined,
      run,
      stat: stats.get(rule.name),
    }));
  }

  /** Makes the run of a place from what there was before; false when it needs the past. */
  #takeOver(place: Place, stops: Stops): boolean {
    const { name } = place.rule;
    const state = place.run?.snapshot() ?? this.#kept.get(name);
    const run = this.#options.engine.prepare(place.rule);
    const empty = state ? run.restore(state) : addressesOf(run);
    if (empty.length > 0 && !(name in stops)) {
      if (state && !place.run) place.run = this.#again(place, state);
      return false;
    }
    place.run = run;
    return true;
  }

  /** A changed rule after a restart: the code before is gone, so the new one runs as it is meanwhile. */
  #again(place: Place, state: RuleSnapshot): RuleRun {
    const run = this.#options.engine.prepare(place.rule);
    run.restore(state);
    return run;
  }

  #warm(places: readonly Place[], now: number, at: Cursors): void {
    if (places.length === 0) return;
    const { kinds, placeAt } = this.#options;
    const plans = places.map((place) => place.rule);
    const from = placeAt(now - pastNeeded(plans, kinds));
    const fresh = places.filter((place) => !place.run).map((place) => place.rule.name);
    const warming = new Warming(plans, { from, fresh, born: at }, this.#options);
    for (const place of places) place.warming = warming;
  }

  #finish(warming: Warming, { plan, state, stopped }: Warmed): void {
    const place = this.#places.get(plan.name);
    if (place?.warming !== warming) return; // changed again meanwhile
    const { engine } = this.#options;
    const old = place.run?.snapshot();
    const run = engine.prepare(plan);
    const empty = old ? run.restore(old) : addressesOf(run);
    run.restore(onlyAddresses(state, empty));
    place.run = run;
    place.warming = undefined;
    this.#seat();
    if (stopped !== undefined) engine.stop(plan.name, stopped);
  }

  #seat(): void {
    this.#options.engine.seat([...this.#places.values()].flatMap((place) => place.run ?? []));
  }
}

function addressesOf(run: RuleRun): readonly string[] {
  return run.running.flatMap((one) => one.node.address ?? []);
}
