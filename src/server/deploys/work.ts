import { setTimeout } from 'node:timers/promises';
import { CodedError } from '../../errors/coded-error.ts';
import type { GateWord } from '../../rooms/deploys/deploy.ts';
import { mayOf, rulesBroken } from '../../rooms/deploys/gates.ts';
import { laneQueue } from '../../rooms/deploys/queue.ts';
import type { DeployRecord } from '../../rooms/deploys/record.ts';
import { waitingOf } from '../../rooms/deploys/state.ts';
import { Alarm } from './alarm.ts';
import { refusal } from './asking.ts';
import type { Bell } from './bell.ts';
import type { Ground } from './ground.ts';
import type { Judging, Picture } from './judging.ts';
import type { Leases, Ready } from './leases.ts';
import type { StoreKnowledge } from './store-knowledge.ts';

/** Between one look and the next, ms. */
const longestPause = 250;
/** What waits for a look of a runner is asked again after so long, ms. */
const lookedAgainMs = 5_000;

interface WorkOptions extends Ground {
  readonly judging: Judging;
  readonly store: StoreKnowledge;
  readonly bell: Bell;
  /** Told after everything was looked at. */
  readonly onLooked: () => void;
}

/** Of what was asked for since the last look: it is looked at next. */
const unknown: readonly GateWord[] = [{ rule: 'lane', word: 'waits', reason: '' }];

/**
 * Looks at what waits whenever something happens that may let it go, and when the next time comes at
 * which a gate ends by itself: refuses what may not go any more, wakes the runners that have something
 * to do, and ends leases that were silent for too long.
 */
export class Work {
  readonly #options: WorkOptions;
  readonly #alarm: Alarm;
  #leases: Leases | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(options: WorkOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.now, () => this.changed());
  }

  /** Begins, once leases are there. */
  start(leases: Leases): void {
    this.#leases = leases;
    this.changed();
  }

  /** Something happened: everything is looked at again, once for all that happens meanwhile. */
  changed(): void {
    this.#options.judging.changed();
    this.#again = true;
    if (this.#looking || this.#closed) return;
    this.#looking = this.#lookOn().finally(() => {
      this.#looking = undefined;
      // It came when the last look had just ended.
      if (this.#again) this.changed();
    });
  }

  /** What may begin in some environments, what goes first first. Throws TERR_ROOM_STARTING. */
  async candidates(environments: ReadonlySet<string>): Promise<DeployRecord[]> {
    const here = this.#mayGo(await this.#options.judging.last());
    return here.filter(({ environment }) => environments.has(environment));
  }

  /** What was found out about one that is to begin at this moment; undefined when it may not. */
  async ready(deploy: DeployRecord): Promise<Ready | undefined> {
    const { keeper, now, judging } = this.#options;
    const { words, release, previous, ...asked } = await judging.anew(deploy);
    if (!release || mayOf(words) !== 'now') return undefined;
    const judged = { ...asked, state: keeper.state };
    const before = previous ?? deploy.previous;
    return {
      deploy,
      digest: release.digest,
      previous:
        before === undefined ? undefined : await this.previousOf({ ...deploy, previous: before }),
      broken: deploy.broken === undefined ? [] : rulesBroken(judged, now()),
    };
  }

  /** What stood where a deploy runs, and its artefact; undefined when there is none of it. */
  async previousOf({ app, previous }: DeployRecord): Promise<Ready['previous']> {
    if (previous === undefined) return undefined;
    const release = await this.#options.store.release(app, previous);
    return release && { version: previous, digest: release.digest };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#alarm.clear();
    await this.#looking;
  }

  async #lookOn(): Promise<void> {
    const { keeper, onProblem } = this.#options;
    while (this.#again && !this.#closed) {
      this.#again = false;
      if (!keeper.ready) return;
      try {
        const begin = performance.now();
        // oxlint-disable-next-line no-await-in-loop -- until nothing happened meanwhile
        await this.#look();
        // Of very many that wait a look takes a while: others get as much of the time.
        // oxlint-disable-next-line no-await-in-loop -- as above
        await setTimeout(Math.min(longestPause, performance.now() - begin));
      } catch (error) {
        onProblem(error);
      }
    }
  }

  async #look(): Promise<void> {
    const { judging, bell, onLooked, now } = this.#options;
    const picture = await judging.look();
    const words = [...picture.judged.values()].flatMap((one) => one.words);
    for (const [id, one] of picture.judged) {
      const refusing = one.words.filter(({ word }) => word === 'refuses');
      // oxlint-disable-next-line no-await-in-loop -- few, and in their order
      if (refusing.length > 0) await this.#refuse(id, refusing);
    }
    for (const environment of new Set(this.#mayGo(picture).map((one) => one.environment)))
      bell.ring(environment);
    const leaseEnds = (await this.#leases?.endSilent()) ?? [];
    const ends = words.flatMap(({ until }) => until ?? []).filter((until) => until > now());
    // What runners see at their looks comes as readings: nobody is told that it may let something go.
    if (words.some(({ rule, word }) => rule === 'schema' && word === 'waits'))
      ends.push(now() + lookedAgainMs);
    this.#alarm.set([...ends, ...leaseEnds]);
    onLooked();
  }

  /** The first of each free lane that no gate holds, rollbacks before others. */
  #mayGo({ judged, held }: Picture): DeployRecord[] {
    const { keeper, now } = this.#options;
    const { state } = keeper;
    const lanes = new Map(waitingOf(state).map((one) => [`${one.app}\0${one.environment}`, one]));
    return [...lanes.values()]
      .map((lane) => laneQueue(state, lane, { now: now(), held }))
      .filter(({ running }) => running === undefined)
      .flatMap(({ waiting }) => waiting.map(({ deploy }) => deploy))
      .filter(({ id }) => mayOf(judged.get(id)?.words ?? unknown) === 'now')
      .toSorted(
        (a, b) =>
          Number(a.kind !== 'rollback') - Number(b.kind !== 'rollback') || a.offset - b.offset,
      );
  }

  async #refuse(id: string, words: readonly GateWord[]): Promise<void> {
    const { give, onProblem } = this.#options;
    try {
      await give({ kind: 'refuse', deploy: id, words }, refusal(id));
    } catch (error) {
      // It was cancelled or refused meanwhile.
      if (!(error instanceof CodedError && error.code === 'TERR_DEPLOYS_STATE')) onProblem(error);
    }
  }
}
