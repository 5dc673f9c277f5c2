import type { AlertsState } from '../../rooms/alerts/state.ts';
import type { GateWord } from '../../rooms/deploys/deploy.ts';
import { gateWords, heldUntil } from '../../rooms/deploys/gates.ts';
import type { Knowledge, Question, Standing } from '../../rooms/deploys/knowledge.ts';
import { laneOf } from '../../rooms/deploys/lanes.ts';
import { withWindowsOf } from '../../rooms/deploys/manifest-windows.ts';
import type { Held } from '../../rooms/deploys/queue.ts';
import { type DeployRecord, openPolicy } from '../../rooms/deploys/record.ts';
import { waitingOf } from '../../rooms/deploys/state.ts';
import type { GatesState } from '../../rooms/gates/state.ts';
import type { Release } from '../../rooms/releases/artefact/release.ts';
import { standingOf } from '../../rooms/where/fold.ts';
import { judge } from '../../rooms/where/verdict.ts';
import type { LaneKnown } from '../where/runtime.ts';
import { type CheckAsking, checkedOf } from './checked.ts';
import { contractsThere } from './contracts.ts';
import type { Ground } from './ground.ts';
import type { RunnerBook } from './runner-book.ts';
import type { Difference, StoreKnowledge } from './store-knowledge.ts';
import { redAlerts } from './trouble.ts';

/** What was looked at longer ago is looked at again when somebody asks, ms. */
const freshMs = 1_000;

export interface JudgingOptions extends Ground {
  readonly gates: () => GatesState;
  /** Undefined while the alerts are still being read. */
  readonly alerts: () => AlertsState | undefined;
  readonly lanes: () => Promise<readonly LaneKnown[]>;
  readonly runners: RunnerBook;
  readonly store: StoreKnowledge;
  readonly checks: CheckAsking | undefined;
}

/** A question with everything that was found out about it. */
export interface Judged {
  readonly question: Question;
  readonly knowledge: Knowledge;
  readonly words: readonly GateWord[];
  /** The gates that were asked, with the windows that the release brings along. */
  readonly gates: GatesState;
  readonly release: Release | undefined;
  /** The version that stands there. */
  readonly previous: string | undefined;
  readonly difference: Difference | undefined;
}

/** All that waits, as the gates see it at one moment. */
export interface Picture {
  /** By the id of the deploy. */
  readonly judged: ReadonlyMap<string, Judged>;
  readonly held: Held;
}

/** Before the gates were asked. */
type Found = Omit<Judged, 'words' | 'gates'>;

/** What runs where, as it was when it was asked. */
interface Ran {
  readonly lanes: readonly LaneKnown[];
  /** By application and environment. */
  readonly standings: ReadonlyMap<string, ReadonlyMap<string, Standing>>;
}

/** Asks the gates about deploys, with what the server knows and the room cannot. */
export class Judging {
  readonly counters = { looks: 0 };
  readonly #options: JudgingOptions;
  #changes = 0;
  #at = Number.NEGATIVE_INFINITY;
  #seen = -1;
  /** How long the last look took, ms. */
  #took = 0;
  #picture: Promise<Picture> | undefined;
  /** The last one that was made. */
  #last: Picture | undefined;
  #lastSeen = -1;

  constructor(options: JudgingOptions) {
    this.#options = options;
  }

  /** Something happened that may change an answer. */
  changed(): void {
    this.#changes++;
  }

  /** Everything that waits, nearly as it is now. Throws TERR_ROOM_STARTING. */
  picture(): Promise<Picture> {
    const age = performance.now() - this.#at;
    // Of very many that wait it takes a while: not all of the time is spent on that.
    const stale = this.#seen !== this.#changes && age > 2 * this.#took;
    return this.#picture && !stale && age <= freshMs ? this.#picture : this.look();
  }

  /** Looks at everything that waits. Throws TERR_ROOM_STARTING. */
  look(): Promise<Picture> {
    const seen = this.#changes;
    this.#seen = seen;
    const begin = performance.now();
    this.#at = begin;
    const made = this.#look();
    this.#picture = made;
    void made
      .then((picture) => {
        // One that began later may be done before.
        if (seen < this.#lastSeen) return;
        this.#last = picture;
        this.#lastSeen = seen;
        this.#took = performance.now() - begin;
      })
      .catch(() => {
        if (this.#picture === made) this.#picture = undefined;
      });
    return made;
  }

  /** How all of it was when it was looked at last. Throws TERR_ROOM_STARTING. */
  async last(): Promise<Picture> {
    return this.#last ?? this.picture();
  }

  /** One deploy as it is at this moment, beside the others as they were. */
  async anew(deploy: DeployRecord): Promise<Judged> {
    const { held } = await this.last();
    return this.#say(await this.#find(questionOf(deploy), await this.#ran()), held);
  }

  /** All of it as it was looked at last, with one deploy as it is at this moment. */
  async with(deploy: DeployRecord): Promise<Picture> {
    const last = await this.last();
    if (deploy.state !== 'waiting' || this.#lastSeen === this.#changes) return last;
    const judged = new Map([...last.judged, [deploy.id, await this.anew(deploy)] as const]);
    return { ...last, judged };
  }

  /** What the gates say of something that was not asked for yet. Throws TERR_ROOM_STARTING. */
  async judge(question: Question): Promise<Judged> {
    const { held } = await this.last();
    const found = await this.#find(question, await this.#ran());
    return this.#say(found, held);
  }

  /** What stands in a lane, as evidence or else the room has it. Throws TERR_ROOM_STARTING. */
  async standing(app: string, environment: string): Promise<string | undefined> {
    return this.#previousOf({ app, environment }, await this.#ran());
  }

  async #look(): Promise<Picture> {
    const { keeper } = this.#options;
    this.counters.looks++;
    const waiting = waitingOf(keeper.state);
    if (waiting.length === 0) return { judged: new Map(), held: new Map() };
    const ran = await this.#ran();
    const found = await Promise.all(waiting.map((deploy) => this.#find(questionOf(deploy), ran)));
    // Without their turn first: what another gate holds is in nobody's way.
    const alone = found.map((one) => this.#say(one, new Map()));
    const held = new Map(
      alone.flatMap(({ question, words }) => {
        const until = heldUntil(words);
        return until && question.id !== undefined ? [[question.id, until.until] as const] : [];
      }),
    );
    const judged = found.map((one) => this.#say(one, held));
    return { judged: new Map(judged.map((one) => [one.question.id ?? '', one])), held };
  }

  #say(found: Found, held: Held): Judged {
    const { keeper, gates, now } = this.#options;
    const { question } = found;
    const knowledge = { ...found.knowledge, held: new Set(held.keys()) };
    const asked = withWindowsOf(gates(), found.release?.delivery, question);
    const judged = { state: keeper.state, gates: asked, question, knowledge };
    return { ...found, knowledge, gates: asked, words: gateWords(judged, now()) };
  }

  async #find(question: Question, ran: Ran): Promise<Found> {
    const { store, runners, now, alerts, checks, keeper } = this.#options;
    const { app, environment, version } = question;
    const previous = this.#previousOf(question, ran);
    const policy = keeper.state.environments.get(environment) ?? openPolicy;
    const [release, moved, newest, difference, checked] = await Promise.all([
      store.release(app, version),
      store.moved(app, version),
      store.newest(app),
      previous === undefined ? undefined : store.difference(app, previous, version),
      checkedOf(checks, policy, question),
    ]);
    const red = alerts();
    const lane = ran.lanes.find((one) => one.app === app && one.environment === environment);
    const knowledge: Knowledge = {
      artefact: { known: release !== undefined, digest: release?.digest, moved },
      missing: missingOf(release, runners.keysIn(environment)),
      ...contractsThere(difference?.missed ?? [], lane?.watched ?? [], now()),
      newest,
      red: red && redAlerts(red, { app, environment }).map(({ title }) => title),
      checked,
      authors: difference?.commits?.authors.map(({ name, commits }) => ({ author: name, commits })),
      standing: ran.standings.get(app),
      runner: runners.serves(environment, now()),
    };
    return { question, knowledge, release, previous, difference };
  }

  #previousOf(
    { app, environment }: Pick<Question, 'app' | 'environment'>,
    { standings }: Ran,
  ): string | undefined {
    const seen = standings.get(app)?.get(environment)?.version;
    return seen ?? laneOf(this.#options.keeper.state.lanes, { app, environment }).stands?.version;
  }

  /** Empty while the facts are still being read. */
  async #ran(): Promise<Ran> {
    const { lanes, now, keeper } = this.#options;
    void keeper.state;
    const known = await lanes().catch(() => []);
    const standings = new Map<string, Map<string, Standing>>();
    for (const lane of known) {
      const { deploy } = standingOf(lane.deploys) ?? {};
      if (deploy?.version === undefined || deploy.state === 'removed') continue;
      const { verdict } = judge({ ...lane, now: now() });
      const those = standings.get(lane.app) ?? new Map<string, Standing>();
      those.set(lane.environment, { version: deploy.version, verdict });
      standings.set(lane.app, those);
    }
    return { lanes: known, standings };
  }
}

/** A deploy that waits as the gates are asked about it. */
function questionOf(deploy: DeployRecord): Question {
  const { id, kind, app, environment, version, by, notBefore, wait, broken } = deploy;
  const breakGlass = broken !== undefined;
  return { id, kind, app, environment, version, by, notBefore, wait, breakGlass };
}

/** Undefined: nobody has said which keys have a value there, or there is no release to ask. */
function missingOf(
  release: Release | undefined,
  set: ReadonlySet<string> | undefined,
): string[] | undefined {
  const required = release?.config.keys.filter((key) => key.required && key.defaultSha === null);
  if (required?.length === 0) return [];
  if (!required || !set) return undefined;
  return required.filter(({ name }) => !set.has(name)).map(({ name }) => name);
}
