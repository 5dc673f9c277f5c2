import type { Static } from 'typebox';
import type { Log } from '../../log/log.ts';
import type { Comparison } from '../../release/compare.ts';
import type { AlertsCommand } from '../../rooms/alerts/room.ts';
import type { AlertsState } from '../../rooms/alerts/state.ts';
import { isOver, reservationIdOf } from '../../rooms/deploys/arrange.ts';
import type { DeploysCommand, Saying } from '../../rooms/deploys/command.ts';
import { deploysError } from '../../rooms/deploys/errors.ts';
import { type DeployRecord, openPolicy } from '../../rooms/deploys/record.ts';
import { deploysRoom } from '../../rooms/deploys/room.ts';
import { type DeploysState, runningOf } from '../../rooms/deploys/state.ts';
import type { Right } from '../accounts/rights.ts';
import type * as contract from '../api/contract-deploys.ts';
import { readTime } from '../api/times.ts';
import type { GatesDesk } from '../gates/desk.ts';
import { type Giving, Keeper } from '../rooms/keeper.ts';
import type { LaneKnown } from '../where/runtime.ts';
import { lockAfterRollback } from './after-rollback.ts';
import { type Asker, Asking, type Wanted } from './asking.ts';
import { Bell } from './bell.ts';
import type { CheckAsking } from './checked.ts';
import { RefusedDeploy } from './errors.ts';
import type { Ground } from './ground.ts';
import { Judging } from './judging.ts';
import { Leases } from './leases.ts';
import { LogFiles } from './log-files.ts';
import { Promotion } from './promotion.ts';
import { PublishedFollower } from './published.ts';
import { RunnerBook } from './runner-book.ts';
import { StoreKnowledge } from './store-knowledge.ts';
import { Telling } from './telling.ts';
import { troubleSince } from './trouble.ts';
import { Verifier } from './verifying.ts';
import { DeployViewers } from './viewers.ts';
import { environmentView, reservationView } from './views.ts';
import { Work } from './work.ts';

/** Pages that may follow deploys at once. */
export const maxViewers = 500;
const heartbeatMs = 15_000;
/** A reservation is so long unless somebody says, minutes. */
const reservedFor = 30;
/** What was published before the server was stopped is looked at for so long, ms. */
const publishedWithin = 3_600_000;

export interface DeploysDeskOptions {
  readonly log: Log;
  /** Folder of the logs. */
  readonly dir: string;
  /** Folder of the artefacts. */
  readonly store: string;
  /** The commits between two, as facts have them. */
  readonly told: NonNullable<Comparison['told']>;
  readonly settings: {
    readonly lostAfter: number;
    readonly timeout: number;
    readonly silence: number;
    readonly keepLogs: number;
  };
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly gates: GatesDesk;
  readonly alerts: Pick<Keeper<AlertsState, AlertsCommand>, 'state' | 'ready' | 'onChange'>;
  readonly lanes: () => Promise<readonly LaneKnown[]>;
  /** What the checks say of releases; undefined: there are none to ask. */
  readonly checks?: CheckAsking;
  readonly onProblem: (error: unknown) => void;
}

/** Who says something, and what they may. */
export interface Speaker extends Giving {
  readonly rights: ReadonlySet<Right>;
}

/** The room of deploys as the routes ask it, and all that the server does with it by itself. */
export class DeploysDesk {
  readonly keeper: Keeper<DeploysState, DeploysCommand>;
  readonly viewers: DeployViewers;
  readonly logs: LogFiles;
  readonly runners = new RunnerBook();
  readonly bell = new Bell();
  readonly asking: Asking;
  readonly leases: Leases;
  readonly judging: Judging;
  readonly telling: Telling;
  readonly #options: DeploysDeskOptions;
  readonly #store: StoreKnowledge;
  readonly #work: Work;
  readonly #verifier: Verifier;
  readonly #promotion: Promotion;
  readonly #published: PublishedFollower;

  constructor(options: DeploysDeskOptions) {
    const { log, now, onProblem, settings, gates, alerts, lanes, checks } = options;
    this.#options = options;
    this.keeper = new Keeper({ room: deploysRoom, log, now, onProblem });
    const { keeper, runners, bell } = this;
    const give: Ground['give'] = (command, giving) => keeper.handle(command, giving);
    const ground: Ground = { keeper, now, give, onProblem };
    const gatesState = () => gates.keeper.state;
    const alertsState = () => (alerts.ready ? alerts.state : undefined);
    const store = new StoreKnowledge(options.store, options.told);
    this.#store = store;
    const logs = new LogFiles({ dir: options.dir, keep: () => settings.keepLogs });
    this.logs = logs;
    const common = { ...ground, gates: gatesState, store };
    this.judging = new Judging({ ...common, alerts: alertsState, lanes, runners, checks });
    const { judging } = this;
    this.asking = new Asking({ ...common, judging });
    const work = new Work({ ...common, judging, bell, onLooked: () => this.viewers.allChanged() });
    this.#work = work;
    this.leases = new Leases({
      ...ground,
      bell,
      runners,
      logs,
      lostAfter: settings.lostAfter,
      limits: { total: settings.timeout, silence: settings.silence },
      candidates: (environments) => work.candidates(environments),
      ready: (deploy) => work.ready(deploy),
      previousOf: (deploy) => work.previousOf(deploy),
      trouble: (deploy) => troubleOf(deploy, alertsState()),
      onLog: (id) => this.viewers.changed(id),
      onRunner: () => work.changed(),
      beforeEnd: (deploy, result) => lockAfterRollback(gates, deploy, { result, now: now() }),
    });
    const heardOf = (deploy: DeployRecord) => this.leases.heardOf(deploy);
    const environments = () => this.#environmentNames();
    this.telling = new Telling({ ...common, judging, logs, heardOf, environments });
    const { telling } = this;
    this.viewers = new DeployViewers({
      maxViewers,
      heartbeat: heartbeatMs,
      onProblem,
      view: async (id) =>
        keeper.state.deploys.has(id) ? JSON.stringify(await telling.show(id)) : undefined,
      piece: (id, offset) => telling.log(id, offset),
    });
    this.#promotion = new Promotion({
      keeper,
      store,
      standing: (app, environment) => judging.standing(app, environment),
      ask: (wanted, by) => this.#promote(wanted, by),
    });
    this.#verifier = new Verifier({
      ...ground,
      lanes,
      onVerified: (app, environment, version) =>
        this.#promotion.verified(app, environment, version),
    });
    this.#published = new PublishedFollower({ log, onProblem, onPublished: this.#onPublished });
  }

  /** Begins to read the facts; it answers once it has them. */
  start(): void {
    const { gates, alerts, checks, log, now, onProblem } = this.#options;
    const { reached } = this.keeper.start();
    const changed = (): void => this.#work.changed();
    this.keeper.onChange(changed);
    gates.keeper.onChange(changed);
    alerts.onChange(changed);
    checks?.onChange(changed);
    void reached
      .then(() => {
        if (!this.keeper.ready) return;
        this.#work.start(this.leases);
        this.#verifier.soon();
        this.#published.start(log.offsetAt('facts', now() - publishedWithin));
        return this.#tidy();
      })
      .catch(onProblem);
  }

  /** Asks for a deploy. Throws TERR_DEPLOYS_REFUSED when a gate refuses it. */
  async ask(wanted: contract.NewDeploy, by: Speaker): Promise<contract.Deploy> {
    return this.telling.show(await this.asking.ask(wantedOf(wanted), askerOf(by)));
  }

  async plan(wanted: contract.NewDeploy, by: Speaker): Promise<contract.Plan> {
    return this.telling.plan(await this.asking.judge(wantedOf(wanted), askerOf(by)));
  }

  /** Goes back. Throws TERR_DEPLOYS_TARGET when there is nothing to go back to. */
  async rollback(
    { to, ...place }: contract.NewRollback,
    speaker: Speaker,
  ): Promise<contract.Deploy> {
    const by = askerOf(speaker);
    const version = await this.asking.target(place, by, to);
    return this.telling.show(await this.asking.ask({ ...place, version, kind: 'rollback' }, by));
  }

  /** Carries out what somebody says of a deploy. Throws TERR_DEPLOYS_…. */
  async say(
    kind: Saying['kind'],
    { id, text }: { readonly id: string; readonly text: string | undefined },
    { rights, ...giving }: Speaker,
  ): Promise<contract.Deploy> {
    const gatekeeper = rights.has('release');
    const { app = '', version = '' } = this.keeper.state.deploys.get(id) ?? {};
    const digest =
      kind === 'approve' ? (await this.#store.release(app, version))?.digest : undefined;
    const about = { deploy: id, gatekeeper };
    const said: Saying =
      kind === 'object' ? { kind, ...about, text: text ?? '' } : { kind, ...about, text, digest };
    await this.keeper.handle(said, giving);
    return this.telling.show(id);
  }

  reservations(all: boolean): contract.Reservations {
    const now = this.#options.now();
    const known = [...this.keeper.state.reservations.values()];
    const shown = known.filter((one) => all || !isOver(one, now));
    return { reservations: shown.map((one) => reservationView(one, now)) };
  }

  async reserve(wanted: Static<typeof contract.NewReservation>, by: Giving) {
    const { app, environment, minutes = reservedFor, reason } = wanted;
    const from = readTime(wanted.from, 'from');
    const until = from + minutes * 60_000;
    const command = { kind: 'reserve' as const, app, environment, from, until, reason };
    await this.keeper.handle(command, by);
    return this.#reservation(reservationIdOf(by.id));
  }

  async endReservation(id: string, { rights, ...by }: Speaker): Promise<contract.Reservation> {
    const gatekeeper = rights.has('release');
    await this.keeper.handle({ kind: 'release', reservation: id, gatekeeper }, by);
    return this.#reservation(id);
  }

  async environments(): Promise<contract.Environments> {
    return { environments: await this.telling.environments() };
  }

  async setEnvironment(environment: string, changes: contract.NewEnvironment, by: Giving) {
    await this.keeper.handle({ kind: 'environment', environment, changes }, by);
    const policy = this.keeper.state.environments.get(environment) ?? openPolicy;
    return environmentView(environment, policy, true);
  }

  async removeEnvironment(environment: string, by: Giving): Promise<void> {
    await this.keeper.handle({ kind: 'remove-environment', environment }, by);
  }

  async lease(
    name: string,
    asked: contract.LeaseRequest,
    gone: AbortSignal,
  ): Promise<contract.Lease> {
    return { order: (await this.leases.lease(name, asked, gone)) ?? null };
  }

  async end(id: string, said: contract.End, actor: string): Promise<contract.Deploy> {
    await this.leases.end(id, said, actor);
    this.#verifier.soon();
    await this.#tidy();
    return this.telling.show(id);
  }

  /** Lets go of everybody who waits or follows: the server stops. */
  hangUp(): void {
    this.bell.close();
    this.viewers.close();
  }

  async close(): Promise<void> {
    this.hangUp();
    this.#store.close();
    await Promise.all([this.#work.close(), this.#verifier.close(), this.#published.close()]);
    await this.logs.close();
    await this.keeper.close();
  }

  #reservation(id: string): contract.Reservation {
    const one = this.keeper.state.reservations.get(id);
    if (one) return reservationView(one, this.#options.now());
    throw deploysError('UNKNOWN', `there is no reservation ${id.slice(0, 64)}`);
  }

  readonly #onPublished = async ({ app, version }: { app: string; version: string }) => {
    this.#store.changed();
    this.#work.changed();
    await this.#promotion.published(app, version);
  };

  /** What goes out by itself waits where a person would be refused. */
  async #promote(wanted: Wanted, by: Giving): Promise<void> {
    try {
      await this.asking.ask({ ...wanted, wait: true }, { ...by, gatekeeper: false });
    } catch (error) {
      // It is on the log, where whoever wonders finds it.
      if (!(error instanceof RefusedDeploy)) throw error;
    }
  }

  async #environmentNames(): Promise<string[]> {
    const lanes = await this.#options.lanes().catch(() => []);
    const known = [...this.keeper.state.lanes.values()];
    return [...lanes, ...known].map(({ environment }) => environment);
  }

  #tidy(): Promise<void> {
    return this.logs.tidy(new Set(runningOf(this.keeper.state).map(({ id }) => id)));
  }
}

/** A way back is watched by who goes it: what is red there is why. */
function troubleOf(deploy: DeployRecord, alerts: AlertsState | undefined): string | undefined {
  const { kind, stages, started } = deploy;
  const watches = stages.some(({ stage, state }) => stage === 'watching' && state === 'running');
  if (!watches || kind === 'rollback' || !alerts || started === undefined) return undefined;
  return troubleSince(alerts, deploy, started);
}

function askerOf({ rights, ...giving }: Speaker): Asker {
  return { ...giving, gatekeeper: rights.has('release') };
}

function wantedOf({ at, ...wanted }: contract.NewDeploy): Wanted {
  return { ...wanted, ...(at !== undefined && { notBefore: readTime(at, 'at') }) };
}
