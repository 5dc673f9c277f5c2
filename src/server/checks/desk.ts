import type { Static } from 'typebox';
import { vocabulary } from '../../checks/steps/vocabulary.ts';
import { hasTag } from '../../checks/language/tags.ts';
import type { CheckDefinition } from '../../rooms/checks/definition.ts';
import type * as contract from '../api/contract-checks.ts';
import { lint, stepsAnswer } from './asking.ts';
import { checkErrors } from './errors.ts';
import { FeatureDesk, type FeatureStore, inputOf } from './feature-desk.ts';
import { type FeatureText, planFeature } from './features.ts';
import { readFolder, watchFolder } from './folder.ts';
import { planAll } from './planning.ts';
import { type PlanTold, toldOf } from './told.ts';
import { type Lived, checkView, findingView, inOrder, pending } from './views.ts';

export interface ChecksDeskOptions {
  readonly folder: string;
  readonly store: FeatureStore;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
}

/** Checks as the routes ask for them. */
export class ChecksDesk {
  readonly features: FeatureDesk;
  readonly #options: ChecksDeskOptions;
  #told: PlanTold;
  #inFolder: ReadonlyMap<string, FeatureText> = new Map();
  #watch: { readonly stop: () => Promise<void> } | undefined;

  constructor(options: ChecksDeskOptions) {
    this.#options = options;
    this.#told = toldOf(planAll(inputOf(nothing, new Map(), {}), vocabulary));
    this.features = new FeatureDesk({
      inFolder: () => this.#inFolder,
      store: options.store,
      told: () => this.#told,
      gatesIn: async (text) =>
        planFeature(text, vocabulary)
          .scenarios.filter(({ scenario }) => hasTag(scenario.tags, '@gate'))
          .map(({ scenario }) => JSON.stringify(scenario.steps.map((step) => step.text))),
    });
  }

  start(): void {
    const { folder, onProblem } = this.#options;
    this.#watch = watchFolder(folder, async () => this.#reload(), onProblem);
  }

  async close(): Promise<void> {
    await this.#watch?.stop();
  }

  list({ application, environment }: Static<typeof contract.ChecksQuery>): contract.Checks {
    const shown = this.#told.definitions.filter(
      (one) =>
        (application === undefined || one.application === application) &&
        (environment === undefined || one.environment === environment),
    );
    return {
      time: this.#options.now(),
      checks: shown.toSorted(inOrder).map((one) => checkView(one, this.#lived())),
      environments: this.#told.environments.map(({ name, base }) => ({
        name,
        base: base ?? null,
        problem: null,
      })),
      findings: this.#told.findings.map(findingView),
      counters: {
        slots: 0,
        runs: 0,
        missed: { asleep: 0, 'still-running': 0, 'no-place': 0, stopped: 0, quarantined: 0 },
        lagP99: null,
      },
    };
  }

  async show(id: string): Promise<contract.CheckAnswer> {
    const definition = this.#find(id);
    return {
      time: this.#options.now(),
      check: checkView(definition, this.#lived()),
      text: this.#told.texts.get(id) ?? '',
      runs: [],
      changes: [],
      firstBadRelease: null,
    };
  }

  async run(id: string, slot: number): Promise<contract.RunDetail> {
    this.#find(id);
    throw checkErrors('UNKNOWN', `${id} has no run of ${slot}, or it is not kept any more`);
  }

  async screenshot(id: string, slot: number): Promise<Buffer> {
    this.#find(id);
    throw checkErrors('UNKNOWN', `the run of ${slot} has no screenshot`);
  }

  flakes(): contract.Flakes {
    return { time: this.#options.now(), rows: [] };
  }

  async budgets(): Promise<contract.Budgets> {
    return { time: this.#options.now(), budgets: [] };
  }

  async steps(): Promise<contract.StepsAnswer> {
    return stepsAnswer(vocabulary, new Set());
  }

  async lint(text: FeatureText): Promise<contract.LintAnswer> {
    return lint(text, vocabulary);
  }

  #find(id: string): CheckDefinition {
    const found = this.#told.definitions.find((one) => one.id === id);
    if (found) return found;
    throw checkErrors('UNKNOWN', `there is no check "${id.slice(0, 100)}"`);
  }

  #lived(): Lived {
    return { standing: pending, quarantine: null, strip: [], next: null };
  }

  #reload(): void {
    const contents = readFolder(this.#options.folder);
    this.#inFolder = new Map(contents.features.map((one) => [one.file, one]));
    const all = { ...contents, features: this.#inFolder };
    const input = inputOf(all, this.#options.store.all(), this.#told.good);
    this.#told = toldOf(planAll(input, vocabulary));
  }
}

const nothing = { features: new Map<string, FeatureText>(), settings: undefined, left: [] };
