import type { Static } from 'typebox';
import type * as contract from '../api/contract-checks.ts';
import type { Giving } from '../rooms/keeper.ts';
import { checkErrors } from './errors.ts';
import type { FeatureText } from './features.ts';
import type { FeatureStanding, PlanInput } from './planning.ts';
import { settingsName } from './folder.ts';
import type { PlanTold } from './told.ts';
import { findingView } from './views.ts';

/** A feature that is kept as facts. */
export interface KeptFeature extends FeatureText {
  readonly by: string;
  /** ms since the epoch, UTC. */
  readonly at: number;
  /** Goes up with each change. */
  readonly revision: number;
}

/** Where features that are edited here are kept. */
export interface FeatureStore {
  readonly all: () => ReadonlyMap<string, KeptFeature>;
  /** Throws when somebody else saved meanwhile. Answers the new revision. */
  readonly save: (feature: SavedFeature, by: Giving) => Promise<number>;
}

export type SavedFeature = Static<typeof contract.SaveFeatureBody>;

interface FeatureDeskOptions {
  readonly inFolder: () => ReadonlyMap<string, FeatureText>;
  readonly store: FeatureStore;
  readonly told: () => PlanTold;
  /** The scenarios of a text that gate releases, by what they are. */
  readonly gatesIn: (text: FeatureText) => Promise<readonly string[]>;
}

/** Features as the routes ask for them. */
export class FeatureDesk {
  readonly #options: FeatureDeskOptions;

  constructor(options: FeatureDeskOptions) {
    this.#options = options;
  }

  list(): contract.Features {
    const files = [...this.#options.inFolder().keys(), ...this.#options.store.all().keys()];
    const rows = [...new Set(files)].toSorted().map((file) => this.#row(file));
    return { features: rows };
  }

  /** Throws TERR_CHECK_UNKNOWN. */
  show(file: string): contract.FeatureAnswer {
    const { text } = this.#find(file);
    const findings = this.#standing(file)?.findings ?? [];
    return { ...this.#row(file), text, findingsList: findings.map(findingView) };
  }

  /** Throws TERR_CHECK_READ_ONLY, TERR_CHECK_INVALID, TERR_ACCOUNTS_FORBIDDEN. */
  async save(
    feature: SavedFeature,
    by: Giving & { readonly gatekeeper: boolean },
  ): Promise<Static<typeof contract.SaveFeatureAnswer>> {
    const { inFolder, store } = this.#options;
    const { file } = feature;
    if (inFolder().has(file))
      throw checkErrors('READ_ONLY', `${file} stands in the folder of the checks; edit it there`, {
        field: 'file',
      });
    if (!isGoodName(file))
      throw checkErrors(
        'INVALID',
        `"${file.slice(0, 80)}" is no name of a feature: words of letters, digits, ".", "_" and "-" with "/" between them, and .feature or .feature.md at the end`,
        { field: 'file' },
      );
    await this.#mayGate(feature, by.gatekeeper);
    return { revision: await store.save(feature, by) };
  }

  /** What gates releases is changed by those who may let releases out. */
  async #mayGate({ file, text }: SavedFeature, gatekeeper: boolean): Promise<void> {
    if (gatekeeper) return;
    const { gatesIn, store } = this.#options;
    const old = store.all().get(file)?.text ?? '';
    const [before, after] = await Promise.all([
      gatesIn({ file, text: old }),
      gatesIn({ file, text }),
    ]);
    if (before.join('\n') === after.join('\n')) return;
    throw checkErrors(
      'GATE',
      `${file} has scenarios with @gate, which releases have to pass: they are changed by a gatekeeper`,
    );
  }

  #find(file: string): FeatureText {
    const { inFolder, store } = this.#options;
    const found = inFolder().get(file) ?? store.all().get(file);
    if (found) return found;
    throw checkErrors('UNKNOWN', `there is no feature "${file.slice(0, 100)}"`, { field: 'file' });
  }

  #standing(file: string): FeatureStanding | undefined {
    return this.#options.told().features.find((one) => one.file === file);
  }

  #row(file: string): contract.Features['features'][number] {
    const { inFolder, store } = this.#options;
    const kept = inFolder().has(file) ? undefined : store.all().get(file);
    const unknown = { name: '', scenarios: 0, findings: [] };
    const { name, scenarios, findings } = this.#standing(file) ?? unknown;
    return {
      file,
      name,
      scenarios,
      findings: findings.length,
      ...(kept
        ? { origin: 'here', by: kept.by, at: kept.at, revision: kept.revision }
        : { origin: 'folder', by: null, at: null, revision: 0 }),
    };
  }
}

const goodName =
  /^(?:[\p{L}\p{N}_][\p{L}\p{N}._-]*\/)*[\p{L}\p{N}_][\p{L}\p{N}._ -]*\.feature(?:\.md)?$/u;

const isGoodName = (file: string): boolean => goodName.test(file) && !file.includes('..');

/** What is to be planned: the folder's features, and those kept here that no file stands before. */
export function inputOf(
  folder: {
    readonly features: ReadonlyMap<string, FeatureText>;
    readonly settings: string | undefined;
    readonly left: readonly { readonly file: string; readonly why: string }[];
  },
  kept: ReadonlyMap<string, FeatureText>,
  good: Readonly<Record<string, string>>,
): PlanInput {
  const hidden = [...kept.keys()].filter((file) => folder.features.has(file));
  const own = [...kept.values()].filter(({ file }) => !folder.features.has(file));
  const versions = ({ file, text }: FeatureText) => ({ file, text, good: good[file] });
  const found = (file: string, message: string) => ({ file, line: 1, column: 1, message });
  return {
    features: [...folder.features.values(), ...own].map(versions),
    settings: { file: settingsName, text: folder.settings, good: good[settingsName] },
    findings: [
      ...folder.left.map(({ file, why }) => found(file, `it is left out: ${why}`)),
      ...hidden.map((file) =>
        found(
          file,
          'a file of the same name stands in the folder: the one that is kept here is not run',
        ),
      ),
    ],
  };
}
