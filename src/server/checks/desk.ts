import type { Static } from 'typebox';
import { budgetsOf } from '../../rooms/checks/budget.ts';
import type { CheckDefinition } from '../../rooms/checks/definition.ts';
import { type Done, withDone } from '../../rooms/checks/done.ts';
import { judgementKey } from '../../rooms/checks/judgement.ts';
import { emptyLedger, flakeRate } from '../../rooms/checks/ledger.ts';
import type { ChecksCommand } from '../../rooms/checks/room.ts';
import { type CheckRun, missReasons } from '../../rooms/checks/run.ts';
import { quarantineOf } from '../../rooms/checks/state.ts';
import type { Evidence, VerdictAnswer } from '../../rooms/checks/verdict.ts';
import type * as contract from '../api/contract-checks.ts';
import { readTime } from '../api/times.ts';
import type { Giving } from '../rooms/keeper.ts';
import { checkErrors } from './errors.ts';
import { FeatureDesk } from './feature-desk.ts';
import type { FeatureText } from './features.ts';
import { runsOf } from './recording/lives.ts';
import type { Releases } from './releases.ts';
import type { Told } from './running/messages.ts';
import type { ChecksRuntime } from './runtime.ts';
import { checkView, findingView, inOrder, livedView, runView } from './views.ts';

/** Runs and changes that are shown of one check. */
const maxShown = 100;
const maxChanges = 50;

interface ChecksDeskOptions {
  readonly runtime: ChecksRuntime;
  readonly releases: Releases;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

/** Who gives a command, and whether they may let releases out. */
export type Keeping = Giving & { readonly gatekeeper: boolean };

/** Checks as the routes ask for them. */
export class ChecksDesk {
  readonly features: FeatureDesk;
  readonly #runtime: ChecksRuntime;
  readonly #releases: Releases;
  readonly #now: () => number;

  constructor({ runtime, releases, now }: ChecksDeskOptions) {
    this.#runtime = runtime;
    this.#releases = releases;
    this.#now = now;
    const { keeper } = runtime;
    this.features = new FeatureDesk({
      inFolder: () => runtime.inFolder,
      store: {
        all: () => keeper.state.features,
        save: async ({ file, text, revision }, by) => {
          const command: ChecksCommand =
            text.trim() === ''
              ? { kind: 'remove-feature', file, revision }
              : { kind: 'save-feature', file, text, revision };
          await keeper.handle(command, by);
          return keeper.state.features.get(file)?.revision ?? 0;
        },
      },
      told: () => runtime.told,
      gatesIn: (text) => runtime.asked.ask({ kind: 'gates', text }),
    });
  }

  /** Throws TERR_CHECK_UNAVAILABLE while it is not known which checks there are. */
  list({ application, environment }: Static<typeof contract.ChecksQuery>): contract.Checks {
    const { told, recorder, isPlanned } = this.#runtime;
    if (!isPlanned)
      throw checkErrors('UNAVAILABLE', 'the checks are being read; try again in a moment', {
        retryAfter: 1,
      });
    const shown = told.definitions.filter(
      (one) =>
        (application === undefined || one.application === application) &&
        (environment === undefined || one.environment === environment),
    );
    const { runs, missed } = recorder.counters;
    const reasons = missReasons.map((why) => [why, missed[why] ?? 0] as const);
    const count = reasons.reduce((sum, [, one]) => sum + one, 0);
    return {
      time: this.#now(),
      checks: shown.toSorted(inOrder).map((one) => this.#view(one)),
      environments: told.environments.map(({ name, base }) => ({
        name,
        base: base ?? null,
      })),
      findings: told.findings.map(findingView),
      counters: {
        slots: runs + count,
        runs,
        // Of each reason one.
        missed: Object.fromEntries(reasons) as contract.Checks['counters']['missed'],
        lagP99: this.#runtime.stats.lagP99 ?? null,
      },
    };
  }

  /** Throws TERR_CHECK_UNKNOWN. */
  show(id: string): contract.CheckAnswer {
    const { told, recorder, details, keeper } = this.#runtime;
    const definition = this.find(id);
    const lived = recorder.lives.get(id);
    const changes = keeper.state.changes.get(id) ?? [];
    return {
      time: this.#now(),
      check: this.#view(definition),
      text: told.texts.get(id) ?? '',
      runs: runsOf(lived)
        .toReversed()
        .slice(0, maxShown)
        .map((run) => runView(run, details.has(id, run.slot) !== undefined)),
      changes: changes
        .toReversed()
        .slice(0, maxChanges)
        .map((one) => ({ ...one })),
      firstBadRelease: lived?.life.firstBad?.release ?? null,
    };
  }

  /** Throws TERR_CHECK_UNKNOWN where its steps are not kept any more. */
  async run(id: string, slot: number): Promise<contract.RunDetail> {
    const { recorder, details } = this.#runtime;
    const { name } = this.find(id);
    const run = runsOf(recorder.lives.get(id)).find((one) => one.slot === slot);
    if (!run) throw checkErrors('UNKNOWN', `${id} has no run of ${slot} that is still known`);
    const detail = await details.read(id, slot);
    const { steps = [], excerpt } = detail ?? {};
    return {
      check: id,
      name,
      run: runView(run, detail !== undefined),
      steps: steps.map(({ text, line, kind, state, seconds, failure = null }) => ({
        text,
        line,
        kind,
        state,
        seconds,
        failure,
      })),
      excerpt: excerpt ? { ...excerpt, headers: { ...excerpt.headers } } : null,
      hasScreenshot: details.has(id, slot)?.hasPicture === true,
    };
  }

  /** A PNG. Throws TERR_CHECK_UNKNOWN. */
  async screenshot(id: string, slot: number): Promise<Buffer> {
    this.find(id);
    const picture = await this.#runtime.details.picture(id, slot);
    if (picture) return picture;
    throw checkErrors('UNKNOWN', `the run of ${slot} has no screenshot that is still kept`);
  }

  flakes(): contract.Flakes {
    const now = this.#now();
    const { told, recorder } = this.#runtime;
    const rows = told.definitions.map(({ id, name, application = null, environment }) => {
      const rate = flakeRate(recorder.lives.get(id)?.ledger ?? emptyLedger, now);
      return { id, name, application, environment, ...rate, quarantine: this.#quarantine(id) };
    });
    return { time: now, rows: rows.toSorted((a, b) => b.rate - a.rate || b.retried - a.retried) };
  }

  async budgets(): Promise<contract.Budgets> {
    const { told, recorder } = this.#runtime;
    const budgets = [];
    for (const definition of told.definitions.toSorted(inOrder)) {
      const { id, application, environment } = definition;
      for (const budget of budgetsOf(definition, runsOf(recorder.lives.get(id)))) {
        const from = budget.points[0]?.at ?? 0;
        // oxlint-disable-next-line no-await-in-loop -- remembered until a fact comes
        const deploys =
          application === undefined ? [] : await this.#releases.deploys(application, environment);
        const { points, median: _, samples: _samples, ...rest } = budget;
        budgets.push({
          ...rest,
          points: [...points],
          deploys: deploys.filter(({ at }) => at >= from),
        });
      }
    }
    return { time: this.#now(), budgets };
  }

  /** What the checks say of a release. Throws TERR_ROOM_STARTING. */
  async verdict({
    application,
    environment,
    version,
    tag = '@gate',
  }: Static<typeof contract.CheckVerdictQuery>): Promise<VerdictAnswer & Done> {
    const { keeper } = this.#runtime;
    const since = await this.#releases.since(application, environment, version);
    const question = { application, environment, version, tag, since, now: this.#now() };
    return withDone(question, this.evidence(), keeper.state.judgements.get(judgementKey(question)));
  }

  /** Every check with its runs, as verdicts are made from them. */
  evidence(): readonly Evidence[] {
    const { told, recorder, settingsOf } = this.#runtime;
    return told.definitions.map((definition) => ({
      definition,
      runs: runsOf(recorder.lives.get(definition.id)),
      settings: settingsOf(definition.id),
      quarantined: this.#quarantine(definition.id) !== null,
    }));
  }

  /** Throws TERR_CHECK_UNAVAILABLE. */
  steps(): Promise<contract.StepsAnswer> {
    return this.#runtime.asked.ask({ kind: 'steps' });
  }

  /** Throws TERR_CHECK_UNAVAILABLE. */
  lint({ file, text }: FeatureText): Promise<contract.LintAnswer> {
    return this.#runtime.asked.ask({ kind: 'lint', text: { file, text } });
  }

  /** Throws TERR_CHECK_INVALID where there is no such environment, TERR_CHECK_UNAVAILABLE. */
  mayTry({ environment }: Static<typeof contract.TryBody>): void {
    const { told, asked } = this.#runtime;
    asked.mayTry();
    if (told.environments.some(({ name }) => name === environment)) return;
    throw checkErrors('INVALID', `checks.yaml has no environment "${environment.slice(0, 80)}"`, {
      field: 'environment',
    });
  }

  /** Runs a text and tells its steps; what keeps it from that is the answer. */
  try(
    wanted: Static<typeof contract.TryBody>,
    tell: (told: Told) => void,
    signal: AbortSignal,
  ): Promise<{ readonly problem: string | undefined }> {
    return this.#runtime.asked.ask({ kind: 'try', wanted }, { signal, tell });
  }

  /** Throws TERR_CHECK_UNKNOWN, TERR_CHECK_GATE, TERR_CHECKROOM_INVALID. */
  async quarantine(
    id: string,
    { reason, until }: Static<typeof contract.QuarantineBody>,
    by: Keeping,
  ): Promise<contract.Check> {
    const definition = this.#mayChange(id, by);
    const ends = readTime(until, 'until');
    const command: ChecksCommand = { kind: 'quarantine', check: id, reason, until: ends };
    await this.#runtime.keeper.handle(command, by);
    return this.#view(definition);
  }

  /** Throws TERR_CHECK_UNKNOWN, TERR_CHECK_GATE. */
  async unquarantine(id: string, by: Keeping): Promise<contract.Check> {
    const definition = this.#mayChange(id, by);
    await this.#runtime.keeper.handle({ kind: 'unquarantine', check: id }, by);
    return this.#view(definition);
  }

  /** The last run of a check; undefined: it has none. Throws TERR_CHECK_UNKNOWN. */
  lastRun(id: string): {
    readonly definition: CheckDefinition;
    readonly run: CheckRun | undefined;
  } {
    const definition = this.find(id);
    return { definition, run: runsOf(this.#runtime.recorder.lives.get(id)).at(-1) };
  }

  /** Throws TERR_CHECK_UNKNOWN. */
  find(id: string): CheckDefinition {
    const found = this.#runtime.definitions.get(id);
    if (found) return found;
    throw checkErrors('UNKNOWN', `there is no check "${id.slice(0, 100)}"`);
  }

  #mayChange(id: string, { gatekeeper }: Keeping): CheckDefinition {
    const definition = this.find(id);
    if (gatekeeper || !definition.isGate) return definition;
    throw checkErrors(
      'GATE',
      `${id} has @gate: releases have to pass it, and a gatekeeper quarantines it`,
    );
  }

  #quarantine(id: string): contract.Quarantine | null {
    const { keeper } = this.#runtime;
    return (keeper.ready ? quarantineOf(keeper.state, id, this.#now()) : undefined) ?? null;
  }

  #view(definition: CheckDefinition): contract.Check {
    const { recorder, settingsOf } = this.#runtime;
    const { id } = definition;
    const lives = {
      settings: settingsOf(id),
      now: this.#now(),
      lifeOf: (other: string) => recorder.lives.get(other)?.life,
    };
    const lived = livedView(definition, recorder.lives.get(id), lives);
    return checkView(definition, { ...lived, quarantine: this.#quarantine(id) });
  }
}
