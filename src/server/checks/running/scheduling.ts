import { type Lanes, type Place, noPlace } from '../../../checks/lanes/lanes.ts';
import { placeOf } from '../../../checks/lanes/place.ts';
import { deadlineOf, latenessOf } from '../../../checks/schedule/slots.ts';
import { type Slot, Timetable, type Missed as Untold } from '../../../checks/schedule/timetable.ts';
import { runPlugin } from '../../../checks/plugin/plugin.ts';
import type { RunResult } from '../../../checks/run/result.ts';
import type { PlannedCheck } from '../definitions.ts';
import type { Missed } from '../recording/readings.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { Pulse } from './pulse.ts';
import { blindRun, ranOf, runMarked } from './run-check.ts';
import type { SurroundingsBook } from './surroundings.ts';

/** The timer looks so often at least, ms: clocks are set. */
const longestMs = 1_000;

interface SchedulingOptions {
  readonly folder: string;
  readonly lanes: Lanes;
  readonly pulse: Pulse;
  readonly post: (message: FromWorker) => void;
}

type Schedule = Extract<ToWorker, { readonly kind: 'schedule' }>;

/** Runs checks when they are due: of each slot exactly one run is told, or that it was missed. */
export class Scheduling {
  running = 0;
  readonly #options: SchedulingOptions;
  readonly #timetable = new Timetable();
  readonly #ending = new AbortController();
  #checks: ReadonlyMap<string, PlannedCheck> = new Map();
  #surroundings: SurroundingsBook | undefined;
  #banned: ReadonlyMap<string, string> = new Map();
  #suspects = new Set<string>();
  #suspected: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #lags: number[] = [];
  #numbers = 0;

  constructor(options: SchedulingOptions) {
    this.#options = options;
  }

  /** What checks are from now on. */
  plan(checks: readonly PlannedCheck[], surroundings: SurroundingsBook): void {
    this.#checks = new Map(checks.map((one) => [one.definition.id, one]));
    this.#surroundings = surroundings;
  }

  /** When they are due from now on. */
  schedule({ checks, banned, suspects }: Schedule): void {
    this.#banned = banned;
    this.#suspects = new Set(suspects);
    const known = checks.filter(({ id }) => this.#checks.has(id));
    this.#timetable.set(known, Date.now());
    this.#look();
  }

  /** One run more, before the next slot. */
  again(check: string, at: number): void {
    this.#timetable.again({ check, slot: at });
    this.#look();
  }

  /** How late the last slots were taken up, ms, 99 of 100; undefined: there were none. */
  get lagP99(): number | undefined {
    const sorted = this.#lags.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))];
  }

  /** Ends what runs, and tells that it was. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#ending.abort();
    this.#tellMissed(this.#timetable.stop(Date.now()));
  }

  readonly #look = (): void => {
    clearTimeout(this.#timer);
    if (this.#ending.signal.aborted) return;
    const { start, missed } = this.#timetable.take(Date.now());
    this.#tellMissed(missed);
    for (const slot of start) void this.#begin(slot);
    const next = this.#timetable.next();
    const wait = next === undefined ? longestMs : Math.min(longestMs, next - Date.now());
    this.#timer = setTimeout(this.#look, Math.max(0, wait));
  };

  async #begin({ check, slot }: Slot): Promise<void> {
    this.#lags.push(Date.now() - slot);
    if (this.#lags.length > 2_000) this.#lags.splice(0, 1_000);
    const planned = this.#checks.get(check);
    if (!planned) return this.#ended({ check, slot });
    const why = this.#banned.get(check);
    if (why !== undefined) return this.#blind(planned, slot, why);
    if (!this.#suspects.has(check)) return this.#enter(planned, slot);
    // Of those that may have been the one that took the thread down, one alone at a time.
    if (this.#suspected !== undefined) return this.#ended({ check, slot }, 'no-place');
    this.#suspected = check;
    await this.#enter(planned, slot);
    this.#suspected = undefined;
    this.#suspects.delete(check);
  }

  async #enter(planned: PlannedCheck, slot: number): Promise<void> {
    try {
      await this.#inPlace(planned, slot);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#blind(planned, slot, why);
    }
  }

  async #inPlace(planned: PlannedCheck, slot: number): Promise<void> {
    const { id, interval } = planned.definition;
    const patience = Math.max(0, latenessOf(interval) - (Date.now() - slot));
    const place = this.#placeOf(planned);
    const ran = await this.#options.lanes.run(place, patience, () => this.#run(planned, slot));
    if (this.#ending.signal.aborted) return;
    this.#ended({ check: id, slot }, ran === noPlace ? 'no-place' : undefined);
  }

  #placeOf({ definition, run }: PlannedCheck): Place {
    const { environment, application, file } = definition;
    const surroundings = this.#surroundings;
    if (run.kind === 'plugin' || !surroundings) return { target: undefined, isAlone: false };
    return placeOf(run.planned, surroundings.of(environment, application, file));
  }

  async #run(check: PlannedCheck, slot: number): Promise<void> {
    const { definition } = check;
    const { post } = this.#options;
    const number = ++this.#numbers;
    post({ kind: 'began', check: definition.id, slot, number });
    this.running++;
    const started = Date.now();
    const result = await this.#resultOf(check, slot, number);
    this.running--;
    // What was stopped is told by who stopped it.
    if (this.#ending.signal.aborted) return;
    const ran = ranOf(definition, { slot, started, ended: Date.now() }, result);
    post({ kind: 'ran', ...ran });
  }

  #resultOf({ definition, run }: PlannedCheck, slot: number, number: number): Promise<RunResult> {
    const { environment, application, file, interval } = definition;
    const { signal } = this.#ending;
    const { folder, pulse } = this.#options;
    if (run.kind === 'plugin')
      return runPlugin(run.plugin, signal, { folder, due: slot }).then(withoutCommand);
    const surroundings = this.#surroundings?.of(environment, application, file);
    if (!surroundings) throw new Error('there is no plan');
    const deadline = deadlineOf(interval, Date.now() - slot);
    const options = { surroundings, signal, due: slot, deadline };
    return runMarked(run.planned, options, { number, pulse });
  }

  /** Nothing can be seen of it, which is a result. */
  #blind({ definition }: PlannedCheck, slot: number, why: string): void {
    const run = blindRun(definition, { slot, at: Date.now() }, why);
    this.#options.post({ kind: 'ran', run, detail: { steps: [] } });
    this.#ended({ check: definition.id, slot });
  }

  /** Its slot is over, by a run or as missed; then what was missed meanwhile. */
  #ended(slot: Slot, why?: 'no-place'): void {
    const held = this.#timetable.ended(slot);
    const own = why === undefined ? [] : [{ ...slot, last: slot.slot, count: 1, why }];
    this.#tellMissed([...own, ...held]);
  }

  #tellMissed(all: readonly Untold[]): void {
    if (all.length === 0) return;
    const missed = all.map(({ check, last, count, why }): Missed => ({
      check,
      slot: last,
      slots: count,
      why,
    }));
    this.#options.post({ kind: 'missed', missed });
  }
}

/** A command may have a password among its arguments: it stands in checks.yaml and is told nowhere. */
function withoutCommand(result: RunResult): RunResult {
  const { name, steps, failure } = result;
  return {
    ...result,
    steps: steps.map((step) => ({ ...step, text: name })),
    ...(failure ? { failure: { ...failure, step: name } } : {}),
  };
}
