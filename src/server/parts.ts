import type { History, QueryLimits } from '../history/history.ts';
import type { Log } from '../log/log.ts';
import type { Policy } from '../rooms/alerts/policy.ts';
import type { AlertsCommand } from '../rooms/alerts/room.ts';
import type { AlertsState } from '../rooms/alerts/state.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Catalogue, Health, Itself, Latest } from './api/contract.ts';
import type { IntakesAnswer, SendersAnswer } from './api/contract-intakes.ts';
import type { RulesAnswer } from './api/contract-rules.ts';
import type { ArtefactsDesk } from './artefacts/desk.ts';
import type { BuildsRuntime } from './builds/runtime.ts';
import type { ChecksDesk } from './checks/desk.ts';
import type { StreamsOf } from './checks/stream-desk.ts';
import type { Config } from './config/schema.ts';
import type { SeenAnswer } from './feeder/messages.ts';
import type { DemoDesk } from './demo/desk.ts';
import type { Replaying } from './demo/replaying.ts';
import type { DeploysDesk } from './deploys/desk.ts';
import type { GatesDesk } from './gates/desk.ts';
import type { FlowDesk } from './map/flow/flow-desk.ts';
import type { MapDesk } from './map/map-desk.ts';
import type { RedirectsDesk } from './redirects/desk.ts';
import type { UsageSources } from './redirects/usage.ts';
import type { Keeper } from './rooms/keeper.ts';
import type { Tail } from './tail/tail.ts';
import type { ThreadFollower } from './thread/follower.ts';
import type { WebhookBook } from './webhooks/book.ts';
import type { WhereRuntime } from './where/runtime.ts';

/** History as the routes ask it: bounded, and refusing while there is none. */
export interface HistoryDesk {
  /**
   * Runs one question with the limits of the configuration.
   * Throws TERR_API_NO_HISTORY, TERR_HISTORY_….
   */
  readonly ask: <T>(
    question: (history: History, limits: QueryLimits) => Promise<T>,
    signal?: AbortSignal,
  ) => Promise<T>;
  /** Undefined while it is not there. */
  readonly current: () => History | undefined;
}

/** What the follower of the log keeps at hand. */
export interface LiveView {
  readonly catalogue: () => Promise<Catalogue>;
  /** The latest events that match `where`, at most `limit`. Throws TERR_WHERE_… */
  readonly latest: (where: string, limit: number) => Promise<Latest>;
  /** Under which names readings came, and which service calls which. */
  readonly seen: () => Promise<SeenAnswer>;
}

/** The alerts room as the routes ask it. */
export interface AlertsDesk {
  readonly keeper: Keeper<AlertsState, AlertsCommand>;
  readonly policy: Policy;
  /** Why the last attempt to send to a receiver failed. */
  readonly troubleOf: (to: string) => string | undefined;
}

/** The rules as the routes ask them. */
export interface RulesDesk {
  readonly list: () => RulesAnswer;
  /** The text of a rule file. Throws TERR_RULES_UNKNOWN. */
  readonly source: (file: string) => string;
  /** Lets a stopped rule go on. Throws TERR_RULES_UNKNOWN, TERR_RULES_UNAVAILABLE. */
  readonly startRule: (name: string) => void;
}

/** The intakes as the routes ask them. */
export interface IntakesDesk {
  readonly list: () => IntakesAnswer;
  /** Of one intake, or of all. */
  readonly senders: (intake: string | undefined) => SendersAnswer;
  /** Whether the sender was known. */
  readonly forget: (intake: string, sender: string) => boolean;
}

/** Everything that the HTTP routes need; made by the composition root. */
export interface Parts {
  readonly config: Config;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  readonly accounts: Accounts;
  readonly tail: Tail;
  readonly history: HistoryDesk;
  readonly view: LiveView;
  readonly alerts: AlertsDesk;
  readonly rules: RulesDesk;
  readonly intakes: IntakesDesk;
  readonly webhooks: WebhookBook;
  readonly threads: { readonly follower: ThreadFollower };
  readonly map: { readonly desk: MapDesk; readonly flow: FlowDesk };
  readonly builds: Pick<BuildsRuntime, 'state'>;
  readonly where: Pick<WhereRuntime, 'lanes'>;
  readonly gates: { readonly desk: GatesDesk };
  readonly deploys: { readonly desk: DeploysDesk };
  readonly artefacts: {
    readonly desk: ArtefactsDesk;
    /** Configuration keys that have a value in an environment; undefined: nobody has said so. */
    readonly keysIn: (environment: string) => ReadonlySet<string> | undefined;
  };
  readonly checks: {
    readonly desk: ChecksDesk;
    /** What came in from an environment, as steps ask it. */
    readonly streams: StreamsOf;
  };
  readonly redirects: { readonly desk: RedirectsDesk; readonly usage: UsageSources };
  readonly demo: { readonly desk: DemoDesk; readonly replaying: Replaying };
  readonly itself: () => Promise<Itself>;
  readonly health: () => Health;
  /** In the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
  /** Address that people use, without a slash at the end. */
  readonly publicUrl: () => string;
}
