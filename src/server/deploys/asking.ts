import { CodedError } from '../../errors/coded-error.ts';
import { shortName } from '../../rooms/alerts/names.ts';
import type { Kind } from '../../rooms/deploys/deploy.ts';
import { deploysError } from '../../rooms/deploys/errors.ts';
import { rulesBroken } from '../../rooms/deploys/gates.ts';
import type { Question } from '../../rooms/deploys/knowledge.ts';
import type { DeployRecord } from '../../rooms/deploys/record.ts';
import { deployIdOf } from '../../rooms/deploys/request.ts';
import { goodVersions, rollbackTarget } from '../../rooms/deploys/rollback.ts';
import type { Giving } from '../rooms/keeper.ts';
import { RefusedDeploy } from './errors.ts';
import { type Ground, ownActor } from './ground.ts';
import type { Judged, Judging } from './judging.ts';

/** What somebody wants. */
export interface Wanted {
  readonly app: string;
  readonly environment: string;
  readonly version: string;
  readonly kind?: Kind | undefined;
  readonly reason?: string | undefined;
  /** ms since the epoch. */
  readonly notBefore?: number | undefined;
  readonly wait?: boolean | undefined;
  readonly breakGlass?: string | undefined;
}

/** Who wants it. */
export interface Asker extends Giving {
  readonly gatekeeper: boolean;
}

interface AskingOptions extends Ground {
  readonly judging: Judging;
}

/** Takes in what people ask for. */
export class Asking {
  readonly counters = { asked: 0, refused: 0, full: 0 };
  readonly #options: AskingOptions;

  constructor(options: AskingOptions) {
    this.#options = options;
  }

  /** What the gates say of it. Throws TERR_DEPLOYS_TARGET for a rollback to what never stood well. */
  async judge(wanted: Wanted, by: Asker): Promise<Judged> {
    const { judging } = this.#options;
    if (wanted.kind === 'rollback') await this.target(wanted, by, wanted.version);
    return judging.judge(questionOf(wanted, by.actor));
  }

  /**
   * Asks for a deploy, and gives its id. Throws TERR_DEPLOYS_REFUSED when a gate refuses; that is on
   * the log then.
   */
  async ask(wanted: Wanted, by: Asker): Promise<string> {
    const { keeper, give } = this.#options;
    const id = deployIdOf(by.id);
    const known = keeper.state.deploys.get(id);
    // The same asked again.
    if (known) return answered(known);
    const judged = await this.judge(wanted, by);
    await this.#request(judged, wanted, by);
    this.counters.asked++;
    const words = judged.words.filter(({ word }) => word === 'refuses');
    if (words.length === 0) return id;
    await give({ kind: 'refuse', deploy: id, words }, refusal(id));
    this.counters.refused++;
    throw new RefusedDeploy(id, words);
  }

  /** What to go back to. Throws TERR_DEPLOYS_TARGET. */
  async target(
    { app, environment }: Pick<Wanted, 'app' | 'environment'>,
    { gatekeeper }: Pick<Asker, 'gatekeeper'>,
    named?: string,
  ): Promise<string> {
    const { keeper, judging } = this.#options;
    const lane = { app, environment };
    const standing = await judging.standing(app, environment);
    if (named === undefined) {
      const found = rollbackTarget(keeper.state, lane, standing)?.version;
      if (found !== undefined) return found;
      throw deploysError(
        'TARGET',
        `no version of ${app} but the one that stands was verified good in ${environment}; a gatekeeper names one with --to`,
      );
    }
    // Else the way back would be a way around the gates.
    const good = goodVersions(keeper.state, lane).map(({ version }) => version);
    if (gatekeeper || good.includes(named)) return named;
    throw deploysError(
      'TARGET',
      `${app} ${named} was not verified good in ${environment}${good.length > 0 ? `; ${good.slice(0, 5).join(', ')} were` : ''}`,
      { field: 'to' },
    );
  }

  async #request(judged: Judged, wanted: Wanted, by: Asker): Promise<void> {
    const { give, keeper, now } = this.#options;
    const { question, knowledge, release, previous, difference } = judged;
    const { kind, app, environment, version, notBefore, wait } = question;
    const { breakGlass: reason } = wanted;
    const asked = { ...judged, state: keeper.state };
    const rules = reason === undefined ? [] : rulesBroken(asked, now());
    const command = {
      kind: 'request' as const,
      what: kind,
      app,
      environment,
      version,
      notBefore,
      wait,
      digest: release?.digest,
      previous,
      reason: wanted.reason,
      gatekeeper: by.gatekeeper,
      level: difference?.level,
      authors: knowledge.authors,
      ...(reason !== undefined && { breakGlass: { reason, rules } }),
      risks: [...(difference?.notices ?? []), ...(release?.reversible.why ?? [])],
    };
    try {
      await give(command, by);
    } catch (error) {
      if (error instanceof CodedError && error.code === 'TERR_DEPLOYS_FULL') this.counters.full++;
      throw error;
    }
  }
}

/** One that waits is refused once, whoever finds that first. */
export const refusal = (deploy: string): Giving => ({
  actor: ownActor,
  id: shortName('deploy-refused', deploy),
});

function questionOf(wanted: Wanted, by: string): Question {
  const { kind = 'deploy', breakGlass, app, environment, version, notBefore, wait } = wanted;
  const place = { app: app.trim(), environment: environment.trim(), version: version.trim() };
  return { kind, ...place, by, notBefore, wait, breakGlass: breakGlass !== undefined };
}

function answered({ id, state, refusals }: DeployRecord): string {
  if (state === 'refused') throw new RefusedDeploy(id, refusals);
  return id;
}
