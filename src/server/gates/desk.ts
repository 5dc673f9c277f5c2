import { CodedError } from '../../errors/coded-error.ts';
import { checkDraft } from '../../event/check.ts';
import { encodeDrafts } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import type { Log } from '../../log/log.ts';
import { shortName } from '../../rooms/alerts/names.ts';
import { roomError } from '../../rooms/errors.ts';
import type { PastDeploy } from '../../rooms/gates/calendar.ts';
import { gatesSource } from '../../rooms/gates/facts.ts';
import { type GatesCommand, gatesRoom } from '../../rooms/gates/room.ts';
import { scopeText } from '../../rooms/gates/scope.ts';
import type { GatesState } from '../../rooms/gates/state.ts';
import { type Asked, type Verdict, mayDeploy } from '../../rooms/gates/verdict.ts';
import { deployFact } from '../../rooms/where/facts.ts';
import { type Giving, Keeper } from '../rooms/keeper.ts';
import type { LaneKnown } from '../where/runtime.ts';

interface GatesDeskOptions {
  readonly log: Log;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** What runs where, for the deploys of the calendar. */
  readonly lanes: () => Promise<readonly LaneKnown[]>;
  readonly onProblem: (error: unknown) => void;
}

/** The room of gates as the routes ask it. */
export class GatesDesk {
  readonly keeper: Keeper<GatesState, GatesCommand>;
  readonly counters = { asked: 0, refused: 0, full: 0 };
  readonly #options: GatesDeskOptions;

  constructor(options: GatesDeskOptions) {
    this.#options = options;
    this.keeper = new Keeper({ ...options, room: gatesRoom });
  }

  /** Whether a deploy may go out now. Throws TERR_ROOM_STARTING. */
  ask(asked: Asked): Verdict {
    const verdict = mayDeploy(this.keeper.state, asked, this.#options.now());
    this.counters.asked++;
    if (!verdict.may) this.counters.refused++;
    return verdict;
  }

  /** Carries a command out. Throws TERR_GATES_…, TERR_ROOM_…, TERR_LOG_…. */
  async give(command: GatesCommand, giving: Giving): Promise<void> {
    try {
      await this.keeper.handle(command, giving);
    } catch (error) {
      if (error instanceof CodedError && error.code === 'TERR_GATES_FULL') this.counters.full++;
      throw error;
    }
  }

  /** Puts a refusal on the log as a fact about the deploy; once for each `deployment`. */
  async record(asked: Asked, { refusals }: Verdict, deployment: string): Promise<void> {
    const { app, environment, version = '', actor } = asked;
    const reason = refusals.map((one) => one.reason).join('; ');
    const now = this.#options.now();
    const told = { report: 'refused', app, environment, version, id: deployment } as const;
    const fact = deployFact({ ...told, time: now, actor, reason });
    const rule = [...new Set(refusals.map((one) => one.rule))].join(',');
    const draft: Draft = {
      ...fact,
      attributes: { ...fact.attributes, rule },
      data: {
        reason,
        refusals: refusals.map(({ scope, ...one }) => ({ ...one, scope: scopeText(scope) })),
      },
    };
    const checked = checkDraft(draft, defaultLimits, now);
    if ('refusal' in checked)
      throw roomError('INVALID', checked.refusal.message, { field: checked.refusal.field });
    const { facts } = encodeDrafts([checked.draft], gatesSource);
    if (facts) await this.#options.log.append('facts', facts);
  }

  /** Deploys of the past and those that run, as facts tell of them. Throws TERR_ROOM_STARTING. */
  async deploys(): Promise<PastDeploy[]> {
    const lanes = await this.#options.lanes();
    return lanes.flatMap(({ app, environment, deploys }) =>
      deploys
        .filter(({ state }) => state !== 'refused')
        .map(({ key, ...deploy }) => ({
          ...deploy,
          key: shortName(app, environment, key),
          app,
          environment,
        })),
    );
  }
}
