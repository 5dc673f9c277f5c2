import { checkDraft } from '../../event/check.ts';
import { encodeDrafts } from '../../event/codec.ts';
import { defaultLimits } from '../../event/limits.ts';
import type { Log } from '../../log/log.ts';
import { roomError } from '../../rooms/errors.ts';
import { discoveredFact, whereSource } from '../../rooms/where/facts.ts';
import { type Lane, WhereState, standingOf } from '../../rooms/where/fold.ts';
import { type Instance, Instances } from '../../rooms/where/instances.ts';
import { toldBy } from '../../rooms/where/told.ts';
import { type Run, untoldRuns } from '../../rooms/where/verdict.ts';
import { DeployFactsFollower } from './facts-follower.ts';
import { Looker } from './looker.ts';

/** So often the readings are looked at, ms. */
export const lookEveryMs = 10_000;
/** Who asks is shown nothing older than this, ms. */
const askedMs = 1_000;

interface RuntimeOptions {
  readonly log: Log;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
}

/** One application in one environment: what was told, and what its instances report. */
export interface LaneKnown extends Lane {
  readonly instances: readonly Instance[];
}

/** Holds what runs where: follows the facts, looks at the readings, and writes down what nobody told. */
export class WhereRuntime {
  readonly state = new WhereState();
  readonly instances = new Instances();
  readonly counters = { discovered: 0, failed: 0 };
  readonly #options: RuntimeOptions;
  readonly #follower: DeployFactsFollower;
  readonly #looker: Looker;
  /** What nobody told of at the last look. */
  #suspected: ReadonlySet<string> = new Set();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RuntimeOptions) {
    const { log, now, onProblem } = options;
    this.#options = options;
    this.#follower = new DeployFactsFollower({
      log,
      onFact: (event) => {
        const told = toldBy(event);
        if (told) this.state.fold(told);
      },
      onProblem,
    });
    this.#looker = new Looker({ log, now, onSighting: (seen) => this.instances.see(seen) });
  }

  start(): void {
    this.#follower.start();
    this.#timer = setInterval(() => {
      this.lookAround().catch((error: unknown) => {
        this.counters.failed++;
        this.#options.onProblem(error);
      });
    }, lookEveryMs).unref();
  }

  get ready(): boolean {
    return this.#follower.ready;
  }

  get looks(): Looker['counters'] {
    return this.#looker.counters;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#follower.close();
    await this.#looking.catch(() => undefined);
  }

  /**
   * Everything that is known up to this moment, each application with its environments.
   * Throws TERR_ROOM_STARTING until the facts that the log held at the start are read.
   */
  async lanes(): Promise<readonly LaneKnown[]> {
    if (!this.ready)
      throw roomError('STARTING', 'the facts are still being read; try again in a moment', {
        retryAfter: 1,
      });
    await this.#follower.reaches(this.#options.log.stat('facts').next - 1);
    await this.#look(askedMs);
    return this.#lanes();
  }

  /** One of the looks that are made again and again; what is found untold twice is written down. */
  async lookAround(): Promise<void> {
    if (!this.ready) return;
    await this.#look(0);
    const now = this.#options.now();
    this.instances.forgetIdle(now);
    const suspected = new Set<string>();
    for (const lane of this.#lanes())
      for (const run of untoldRuns({ ...lane, now })) {
        const key = keyOf(lane, run);
        suspected.add(key);
        // oxlint-disable-next-line no-await-in-loop -- few, and in their order
        if (this.#suspected.has(key)) await this.#discover(lane, run, now);
      }
    this.#suspected = suspected;
  }

  /** Looks unless that was done so lately; one look after the other. */
  #look(within: number): Promise<void> {
    const look = this.#looking
      .catch(() => undefined)
      .then(async () => {
        if (within > 0 && performance.now() - this.#lookedAt < within) return;
        await this.#looker.look();
        this.#lookedAt = performance.now();
      });
    this.#looking = look;
    return look;
  }

  #lanes(): LaneKnown[] {
    const seen = new Map<string, Instance[]>();
    for (const one of this.instances.all()) {
      const key = `${one.app}\0${one.environment}`;
      const those = seen.get(key);
      if (those) those.push(one);
      else seen.set(key, [one]);
    }
    const told = [...this.state.lanes()].map((lane): LaneKnown => {
      const key = `${lane.app}\0${lane.environment}`;
      const instances = seen.get(key) ?? [];
      seen.delete(key);
      return { ...lane, instances };
    });
    const untold = [...seen.values()].flatMap(([first, ...others]): LaneKnown[] => {
      if (!first) return [];
      const { app, environment } = first;
      return [{ app, environment, deploys: [], instances: [first, ...others] }];
    });
    return [...told, ...untold];
  }

  async #discover(lane: LaneKnown, run: Run, now: number): Promise<void> {
    const { app, environment, deploys } = lane;
    const standing = standingOf(deploys);
    const told = standing && {
      version: standing.deploy.version,
      offset: standing.deploy.evidence[0].offset,
    };
    const draft = discoveredFact(
      {
        app,
        environment,
        version: run.version,
        told,
        instances: run.instances.map(({ instance }) => instance),
        since: Math.min(...run.instances.map(({ since }) => since)),
      },
      now,
    );
    const checked = checkDraft(draft, defaultLimits, now);
    // A version or name that no fact may carry is shown all the same; it is only not written down.
    if (!('draft' in checked)) return;
    const { facts } = encodeDrafts([checked.draft], whereSource);
    if (!facts) return;
    const { count } = await this.#options.log.append('facts', facts);
    this.counters.discovered += count;
  }
}

function keyOf({ app, environment, deploys }: Lane, { version }: Run): string {
  const told = standingOf(deploys)?.deploy.evidence[0].offset ?? 0;
  return [app, environment, version, String(told)].join('\0');
}
