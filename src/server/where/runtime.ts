import { checkDraft } from '../../event/check.ts';
import { encodeDrafts } from '../../event/codec.ts';
import { defaultLimits } from '../../event/limits.ts';
import type { Draft } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import { roomError } from '../../rooms/errors.ts';
import {
  Contradictions,
  type Contradiction,
  type Impression,
  impressionFact,
  impressionOf,
  isNews,
} from '../../rooms/where/evidence/contradiction.ts';
import { Looks, type Watched } from '../../rooms/where/evidence/looks.ts';
import { discoveredFact, whereSource } from '../../rooms/where/facts.ts';
import { type Lane, WhereState, standingOf } from '../../rooms/where/fold.ts';
import { type Instance, Instances } from '../../rooms/where/instances.ts';
import { toldBy, typesHeard } from '../../rooms/where/told.ts';
import type { Run } from '../../rooms/where/runs.ts';
import { untoldRuns } from '../../rooms/where/untold.ts';
import { judge } from '../../rooms/where/verdict.ts';
import { EvidenceReader } from './evidence-reader.ts';
import { FactsFollower } from '../rooms/facts-follower.ts';
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
  /** Whether a sender may tell what a runner saw; without it every token may. */
  readonly trusts?: (sender: string) => boolean;
}

/** One application in one environment: what was told, and what its instances report. */
export interface LaneKnown extends Lane {
  readonly instances: readonly Instance[];
  /** What runners see of it. */
  readonly watched: readonly Watched[];
  /** What was told and what runs are not the same, and that is a fact. */
  readonly contradiction: Contradiction | undefined;
}

/** Holds what runs where: follows the facts, looks at the readings, and writes down what nobody told. */
export class WhereRuntime {
  readonly state = new WhereState();
  readonly instances = new Instances();
  readonly seen = new Looks();
  readonly contradictions = new Contradictions();
  readonly counters = { discovered: 0, contradicted: 0, failed: 0 };
  readonly #options: RuntimeOptions;
  readonly #follower: FactsFollower;
  readonly #looker: Looker;
  readonly #reader: EvidenceReader;
  /** What nobody told of at the last look, and when that was seen last. */
  #suspected: ReadonlyMap<string, number> = new Map();
  /** What the last look made of each lane. */
  #impressions: ReadonlyMap<string, Impression> = new Map();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RuntimeOptions) {
    const { log, now, onProblem } = options;
    const trusts = options.trusts ?? ((sender: string) => sender.startsWith('/tokens/'));
    this.#options = options;
    this.#follower = new FactsFollower({
      log,
      types: typesHeard,
      onFact: (event) => {
        this.contradictions.fold(event);
        const told = toldBy(event);
        if (told) this.state.fold(told);
      },
      onProblem,
    });
    this.#looker = new Looker({ log, now, onSighting: (seen) => this.instances.see(seen) });
    this.#reader = new EvidenceReader({ log, now, trusts, onLook: (look) => this.seen.take(look) });
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

  get evidence(): EvidenceReader['counters'] {
    return this.#reader.counters;
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

  /**
   * One of the looks that are made again and again; what is found untold twice, and what contradicts
   * twice, is written down.
   */
  async lookAround(): Promise<void> {
    if (!this.ready) return;
    await this.#look(0);
    const now = this.#options.now();
    this.instances.forgetIdle(now);
    this.seen.forgetIdle(now);
    const lanes = this.#lanes();
    await this.#writeUntold(lanes, now);
    await this.#writeContradictions(lanes, now);
  }

  async #writeUntold(lanes: readonly LaneKnown[], now: number): Promise<void> {
    const suspected = new Map<string, number>();
    for (const lane of lanes)
      for (const run of untoldRuns({ ...lane, now })) {
        const key = keyOf(lane, run);
        const last = this.#suspected.get(key);
        const time = Math.max(...run.instances.map((one) => one.time));
        // The same look of a runner, met twice, is one look.
        const isAgain = last !== undefined && (time > last || lane.watched.length === 0);
        suspected.set(key, isAgain ? time : (last ?? time));
        // oxlint-disable-next-line no-await-in-loop -- few, and in their order
        if (isAgain) await this.#discover(lane, run, now);
      }
    this.#suspected = suspected;
  }

  async #writeContradictions(lanes: readonly LaneKnown[], now: number): Promise<void> {
    const impressions = new Map<string, Impression>();
    for (const lane of lanes) {
      const known = { ...lane, now };
      const judgement = judge(known);
      const impression = impressionOf(judgement, known);
      if (!impression || !isNews(impression, lane.contradiction)) continue;
      const key = laneKey(lane);
      const last = this.#impressions.get(key);
      const isAgain = last?.key === impression.key && impression.time > last.time;
      impressions.set(key, last?.key === impression.key && !isAgain ? last : impression);
      if (!isAgain) continue;
      const { app, environment } = lane;
      const fact = impressionFact(impression, judgement, { app, environment, known });
      this.counters.contradicted += await this.#write(fact, now); // oxlint-disable-line no-await-in-loop -- few, and in their order
    }
    this.#impressions = impressions;
  }

  /** Looks unless that was done so lately; one look after the other. */
  #look(within: number): Promise<void> {
    const look = this.#looking
      .catch(() => undefined)
      .then(async () => {
        if (within > 0 && performance.now() - this.#lookedAt < within) return;
        await this.#looker.look();
        await this.#reader.read();
        this.#lookedAt = performance.now();
      });
    this.#looking = look;
    return look;
  }

  #lanes(): LaneKnown[] {
    const instances = byLane(this.instances.all());
    const watched = byLane(this.seen.all());
    const known = new Map<string, Lane>();
    for (const lane of this.state.lanes()) known.set(laneKey(lane), lane);
    for (const [key, [first]] of [...instances, ...watched])
      if (first && !known.has(key))
        known.set(key, { app: first.app, environment: first.environment, deploys: [] });
    return [...known].map(([key, lane]) => ({
      ...lane,
      instances: instances.get(key) ?? [],
      watched: watched.get(key) ?? [],
      contradiction: this.contradictions.of(lane.app, lane.environment),
    }));
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
    this.counters.discovered += await this.#write(draft, now);
  }

  /** Gives how many were new. */
  async #write(draft: Draft, now: number): Promise<number> {
    const checked = checkDraft(draft, defaultLimits, now);
    // A version or name that no fact may carry is shown all the same; it is only not written down.
    if (!('draft' in checked)) return 0;
    const { facts } = encodeDrafts([checked.draft], whereSource);
    if (!facts) return 0;
    const { count } = await this.#options.log.append('facts', facts);
    return count;
  }
}

const laneKey = ({ app, environment }: Pick<Lane, 'app' | 'environment'>): string =>
  `${app}\0${environment}`;

function byLane<T extends Pick<Lane, 'app' | 'environment'>>(
  all: Iterable<T>,
): Map<string, readonly T[]> {
  const lanes = new Map<string, T[]>();
  for (const one of all) {
    const those = lanes.get(laneKey(one));
    if (those) those.push(one);
    else lanes.set(laneKey(one), [one]);
  }
  return lanes;
}

function keyOf({ app, environment, deploys }: Lane, { version }: Run): string {
  const told = standingOf(deploys)?.deploy.evidence[0].offset ?? 0;
  return [app, environment, version, String(told)].join('\0');
}
