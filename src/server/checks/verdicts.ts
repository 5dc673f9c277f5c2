import { shortName } from '../../rooms/alerts/names.ts';
import { releaseBudgets } from '../../rooms/checks/done.ts';
import { type JudgedBudget, type Judgement, judgementKey } from '../../rooms/checks/judgement.ts';
import type { ChecksCommand } from '../../rooms/checks/room.ts';
import type { ChecksState } from '../../rooms/checks/state.ts';
import { type Evidence, type VerdictAnswer, verdictOf } from '../../rooms/checks/verdict.ts';
import type { CheckWord } from '../../rooms/deploys/knowledge.ts';
import { previousOf, standingOf } from '../../rooms/where/fold.ts';
import { type CheckAsking, type CheckPlace, gateTag } from '../deploys/checked.ts';
import type { Keeper } from '../rooms/keeper.ts';
import type { LaneKnown } from '../where/runtime.ts';

/** So often it is looked whether a verdict is another, ms. */
const lookMs = 3_000;
/** Of so many tags verdicts are kept. */
const maxTags = 20;

interface VerdictsOptions {
  readonly keeper: Pick<Keeper<ChecksState, ChecksCommand>, 'state' | 'ready' | 'handle'>;
  /** Whether it is known which checks there are and how they ran. */
  readonly isKnown: () => boolean;
  /** Every check with its runs. */
  readonly evidence: () => readonly Evidence[];
  readonly lanes: () => Promise<readonly LaneKnown[]>;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
}

/**
 * What the checks say of releases, and keeps it: once a release is not there any more, what they said
 * of it while it was is all that is known.
 */
export class Verdicts implements CheckAsking {
  readonly counters = { kept: 0 };
  readonly #options: VerdictsOptions;
  readonly #tags = new Set([gateTag]);
  #listeners: (() => void)[] = [];
  /** What was said last of what stands, by `judgementKey`. */
  #said = new Map<string, VerdictAnswer['verdict']>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: VerdictsOptions) {
    this.#options = options;
  }

  /** Looks from time to time. */
  start(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.look()
        .catch((error: unknown) => this.#options.onProblem(error))
        .finally(() => this.start());
    }, lookMs).unref();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async word(place: CheckPlace): Promise<CheckWord | undefined> {
    const { isKnown, lanes } = this.#options;
    // From now on what is said with this tag is kept as well.
    if (this.#tags.size < maxTags) this.#tags.add(place.tag);
    if (!isKnown()) return undefined;
    const all = await lanes().catch(() => undefined);
    const one = all?.find(
      ({ app, environment }) => app === place.application && environment === place.environment,
    );
    if (!all) return undefined;
    const answer = this.#answer(place, one && standsSince(one, place.version));
    // What a deploy was let through by is known for ever, however soon the next one comes.
    await this.#keep(place, answer);
    return answer;
  }

  kept(place: CheckPlace): CheckWord | undefined {
    const { keeper } = this.#options;
    return keeper.ready ? keeper.state.judgements.get(judgementKey(place)) : undefined;
  }

  /** Looks at all that stands: keeps verdicts that are new, and tells when one is another. */
  async look(): Promise<void> {
    const { isKnown, keeper, lanes, evidence } = this.#options;
    if (!keeper.ready || !isKnown()) return;
    const all = evidence();
    if (all.length === 0) return;
    const known = await lanes();
    const said = new Map<string, VerdictAnswer['verdict']>();
    for (const place of standing(known, this.#tags)) {
      const answer = this.#answer(place, place.since, all);
      said.set(judgementKey(place), answer.verdict);
      // oxlint-disable-next-line no-await-in-loop -- few are new
      await this.#keep(place, answer);
    }
    for (const place of left(known, this.#tags))
      // oxlint-disable-next-line no-await-in-loop -- few are new
      await this.#settle(place, all);
    const before = this.#said;
    this.#said = said;
    const isSame = said.size === before.size && [...said].every(([k, v]) => before.get(k) === v);
    if (!isSame) for (const listener of this.#listeners) listener();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #answer(
    place: CheckPlace,
    since: number | undefined,
    evidence = this.#options.evidence(),
  ): VerdictAnswer {
    const { keeper, now } = this.#options;
    const kept = keeper.ready ? keeper.state.judgements.get(judgementKey(place)) : undefined;
    return verdictOf({ ...place, since, now: now() }, evidence, kept);
  }

  /** The last word on what was there before, with what was measured of it. */
  async #settle(place: Left, all: readonly Evidence[]): Promise<void> {
    const { keeper } = this.#options;
    const { since, until } = place;
    const kept = keeper.state.judgements.get(judgementKey(place));
    if (kept && (kept.since !== since || kept.budgets)) return;
    const budgets = releaseBudgets(place, all);
    if (kept) return budgets.length === 0 ? undefined : this.#say({ ...kept, budgets });
    const then = all.map((one) => ({
      ...one,
      runs: one.runs.filter(({ started }) => started < until),
    }));
    await this.#keep(place, verdictOf({ ...place, now: until }, then, undefined), budgets);
  }

  async #keep(
    place: CheckPlace,
    answer: VerdictAnswer,
    budgets?: readonly JudgedBudget[],
  ): Promise<void> {
    const { keeper } = this.#options;
    const { verdict, reason, since, isRecorded } = answer;
    if ((verdict !== 'pass' && verdict !== 'fail') || since === null || isRecorded) return;
    const key = judgementKey(place);
    const kept = keeper.state.judgements.get(key);
    if (kept && kept.verdict === verdict && kept.since === since) return;
    await this.#say({ ...place, verdict, reason, since, ...(budgets && { budgets }) });
  }

  async #say(said: Omit<Judgement, 'at'>): Promise<void> {
    const { keeper, now } = this.#options;
    const { application, environment, version, tag, verdict, reason, since, budgets } = said;
    const of = { application, environment, version, tag };
    const judgement = { ...of, verdict, reason, since, ...(budgets && { budgets }) };
    const id = shortName('judged', judgementKey(of), verdict, String(now()));
    await keeper.handle({ kind: 'judge', judgement }, { actor: 'checks', id });
    this.counters.kept++;
  }
}

/** What stands in all lanes, once for each tag. */
function standing(
  lanes: readonly LaneKnown[],
  tags: ReadonlySet<string>,
): (CheckPlace & { readonly since: number | undefined })[] {
  return lanes.flatMap((lane) => {
    const { version, state } = standingOf(lane.deploys)?.deploy ?? {};
    if (version === undefined || state === 'removed') return [];
    const place = { application: lane.app, environment: lane.environment, version };
    return [...tags].map((tag) => ({ ...place, tag, since: standsSince(lane, version) }));
  });
}

interface Left extends CheckPlace {
  readonly since: number;
  readonly until: number;
}

/** What stood before what stands now. */
function left(lanes: readonly LaneKnown[], tags: ReadonlySet<string>): Left[] {
  return lanes.flatMap(({ app: application, environment, deploys }) => {
    const now = standingOf(deploys);
    const before = previousOf(deploys);
    const { version, state } = before?.deploy ?? {};
    if (!now || !before || version === undefined || state === 'removed') return [];
    // One that came back is judged as what stands.
    if (now.deploy.version === version) return [];
    const span = { since: before.since, until: now.since };
    return [...tags].map((tag) => ({ application, environment, version, tag, ...span }));
  });
}

/** Since when a version stands in a lane; undefined: another does, or none. ms since the epoch. */
function standsSince({ deploys }: LaneKnown, version: string): number | undefined {
  const standing = standingOf(deploys);
  if (standing?.deploy.state === 'removed') return undefined;
  return standing?.deploy.version === version ? standing.since : undefined;
}
