import type { Static } from 'typebox';
import type { DeploysQuery } from '../api/contract-deploys.ts';
import type {
  Deploy,
  Deploys,
  Environment,
  LogPiece,
  Plan,
  Queue,
} from '../api/contract-deploys.ts';
import { isOver } from '../../rooms/deploys/arrange.ts';
import { deployHere } from '../../rooms/deploys/checked.ts';
import { laneOf } from '../../rooms/deploys/lanes.ts';
import { expectedOf, laneQueue, queueOf } from '../../rooms/deploys/queue.ts';
import { type DeployRecord, openPolicy } from '../../rooms/deploys/record.ts';
import { proofOf } from '../../rooms/deploys/rollback.ts';
import type { Ahead } from '../../rooms/gates/calendar.ts';
import type { Ground } from './ground.ts';
import type { Judged, Judging, Picture } from './judging.ts';
import type { LogFiles } from './log-files.ts';
import { planOf } from './plan.ts';
import type { StoreKnowledge } from './store-knowledge.ts';
import { deployView, environmentView, reservationView, stateOf } from './views.ts';

const listedUnlessSaid = 100;

interface TellingOptions extends Ground {
  readonly judging: Judging;
  readonly logs: LogFiles;
  readonly store: StoreKnowledge;
  readonly heardOf: (deploy: DeployRecord) => number | undefined;
  /** Names of environments that something is known of. */
  readonly environments: () => Promise<readonly string[]>;
}

/** Deploys as the API tells of them. */
export class Telling {
  readonly #options: TellingOptions;

  constructor(options: TellingOptions) {
    this.#options = options;
  }

  /** The newest first. Throws TERR_ROOM_STARTING. */
  async list(query: Static<typeof DeploysQuery>): Promise<Deploys> {
    const { keeper, now, judging } = this.#options;
    const { app, environment, state, limit = listedUnlessSaid } = query;
    const picture = await judging.picture();
    const wordsOf = ({ id }: DeployRecord) => picture.judged.get(id)?.words ?? [];
    const found = [...keeper.state.deploys.values()]
      .filter((one) => app === undefined || one.app === app)
      .filter((one) => environment === undefined || one.environment === environment)
      .filter((one) => state === undefined || stateOf(one, wordsOf(one)) === state)
      .slice(-limit)
      .toReversed();
    const deploys = await Promise.all(found.map((one) => this.#view(one, picture)));
    return { time: now(), deploys };
  }

  /** Throws TERR_DEPLOYS_UNKNOWN, TERR_ROOM_STARTING. */
  async show(id: string): Promise<Deploy> {
    const { keeper, judging } = this.#options;
    const picture = await judging.with(deployHere(keeper.state, id));
    return this.#view(deployHere(keeper.state, id), picture);
  }

  /** Lines of the log of a deploy. Throws TERR_DEPLOYS_UNKNOWN. */
  async log(id: string, offset: number): Promise<LogPiece> {
    const { keeper, logs } = this.#options;
    const over = deployHere(keeper.state, id).ended !== undefined;
    const { next, text } = await logs.read(id, offset, over);
    return { offset, next, text, ended: over && next >= (await logs.size(id)) };
  }

  /** Every environment in which something runs, waits or is reserved. Throws TERR_ROOM_STARTING. */
  async queue(): Promise<Queue> {
    const { keeper, now, judging } = this.#options;
    const picture = await judging.picture();
    const lanes = queueOf(keeper.state, now(), picture.held);
    const reserved = [...keeper.state.reservations.values()].filter((one) => !isOver(one, now()));
    const names = new Set([...lanes, ...reserved].map(({ environment }) => environment));
    const environments = [...names].toSorted().map(async (environment) => {
      const here = lanes.filter((lane) => lane.environment === environment);
      const running = here.flatMap((lane) => lane.running ?? []);
      const waiting = here
        .flatMap((lane) => lane.waiting)
        .toSorted((a, b) => a.position - b.position || a.deploy.offset - b.deploy.offset);
      return {
        environment,
        running: await Promise.all(running.map((one) => this.#view(one, picture))),
        waiting: await Promise.all(waiting.map(({ deploy }) => this.#view(deploy, picture))),
        reservations: reserved
          .filter((one) => one.environment === environment)
          .map((one) => reservationView(one, now())),
      };
    });
    return { time: now(), environments: await Promise.all(environments) };
  }

  /** What is still to come, for the calendar: what has no date is not in it. */
  async ahead(): Promise<Ahead> {
    const { keeper, now, judging } = this.#options;
    const picture = await judging.picture();
    const places = queueOf(keeper.state, now(), picture.held).flatMap(({ waiting }) => waiting);
    return {
      reserved: [...keeper.state.reservations.values()].map((one) => {
        const until = Math.max(one.from, Math.min(one.until, one.ended?.at ?? one.until));
        return { ...one, until, reason: one.reason, changed: one.ended?.at ?? one.from };
      }),
      queued: places.flatMap(({ deploy, eta }) => {
        const from = eta ?? deploy.notBefore;
        if (from === undefined) return [];
        const { id, app, environment, version, by, at } = deploy;
        const words = picture.judged.get(id)?.words ?? [];
        const waits = words.filter(({ word }) => word === 'waits').map(({ reason }) => reason);
        const expected = expectedOf(laneOf(keeper.state.lanes, deploy), deploy);
        return [{ id, app, environment, version, by, from, expected, waits, changed: at }];
      }),
    };
  }

  /** Those that come before others first. */
  async environments(): Promise<Environment[]> {
    const { keeper, environments } = this.#options;
    const declared = keeper.state.environments;
    const names = new Set([...declared.keys(), ...(await environments())]);
    const depth = (name: string, left = 100): number => {
      const after = declared.get(name)?.after;
      return left === 0 || after === undefined || after === null ? 0 : 1 + depth(after, left - 1);
    };
    return [...names]
      .toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
      .map((name) => environmentView(name, declared.get(name) ?? openPolicy, declared.has(name)));
  }

  /** What would happen with what was judged. */
  async plan(judged: Judged): Promise<Plan> {
    const { keeper, now, judging, store } = this.#options;
    const { question, previous } = judged;
    const { held } = await judging.picture();
    const before = previous === undefined ? undefined : await store.release(question.app, previous);
    return planOf(judged, { state: keeper.state, now: now(), held, before });
  }

  async #view(deploy: DeployRecord, picture: Picture): Promise<Deploy> {
    const { keeper, now, logs, heardOf } = this.#options;
    const { state } = keeper;
    const waits = deploy.state === 'waiting';
    const queue = waits ? laneQueue(state, deploy, { now: now(), held: picture.held }) : undefined;
    const place = queue?.waiting.find((one) => one.deploy.id === deploy.id);
    return deployView(deploy, {
      words: picture.judged.get(deploy.id)?.words ?? [],
      position: place?.position,
      eta: place?.eta,
      expected: expectedOf(laneOf(state.lanes, deploy), deploy),
      proof: proofOf(state, deploy.app, deploy.version),
      heard: heardOf(deploy),
      logBytes: waits ? 0 : await logs.size(deploy.id),
    });
  }
}
