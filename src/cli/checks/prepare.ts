import { dirname } from 'node:path';
import type { TestRun } from '../../checks/formats/format.ts';
import type { PlannedScenario } from '../../checks/language/plan.ts';
import { valuesOfTag } from '../../checks/language/tags.ts';
import type { Vocabulary } from '../../checks/language/vocabulary.ts';
import { mustBeRight, planOfTexts, textOf } from '../../checks/run/load.ts';
import type { Browsers, StreamQuestions } from '../../checks/run/ports.ts';
import type { Surroundings, World } from '../../checks/run/world.ts';
import { notForHere, tagFilter } from '../../checks/settings/chosen.ts';
import { type CheckSettings, noSettings } from '../../checks/settings/settings.ts';
import {
  aboutApplication,
  environmentNamed,
  loadCheckSettings,
  secretsFrom,
  surroundingsFor,
} from '../../checks/settings/surroundings.ts';
import { ownVersion } from '../../server/version.ts';
import { cliErrors } from '../errors.ts';
import { type AskedFile, besideFeatures, featureFiles } from './feature-files.ts';
import { shuffled } from './shuffle.ts';

/** Which scenarios are to be run, and where. */
export interface Wanted {
  readonly paths: readonly string[];
  readonly environment: string | undefined;
  readonly settings: string | undefined;
  readonly base: string | undefined;
  readonly tags: string | undefined;
  readonly seed: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly vocabulary: Vocabulary<World>;
  readonly browsers: Browsers;
  /** Who is asked what came in. */
  readonly stream: (environment: string) => StreamQuestions;
}

export interface Prepared {
  readonly run: TestRun;
  readonly surroundingsOf: (planned: PlannedScenario<World>) => Surroundings;
}

/**
 * Reads features and settings. Throws TERR_CHECKS_FEATURE, TERR_CHECKS_SETTINGS, TERR_CHECKS_TAGS,
 * and TERR_CLI_INPUT where nothing is chosen.
 */
export async function prepare(wanted: Wanted): Promise<Prepared> {
  const { paths, environment } = wanted;
  const isTagged = wanted.tags === undefined ? () => true : tagFilter(wanted.tags);
  const settings = await settingsOf(wanted);
  const asked = featureFiles(paths);
  const texts = await Promise.all(
    asked.map(async ({ file }) => ({ file, text: await textOf(file, '') })),
  );
  const { features, plan } = planOfTexts(texts, wanted.vocabulary);
  mustBeRight(plan);
  const chosen = atLines(plan.scenarios, asked).filter(({ scenario }) =>
    isTagged(scenario.tags.map(({ name }) => name)),
  );
  if (chosen.length === 0)
    throw cliErrors('INPUT', 'no scenario is chosen: nothing would be seen', {
      field: wanted.tags === undefined ? 'PATH' : '--tags',
    });
  const leftOut = chosen.flatMap((planned) => {
    const why = notForHere(planned, environment);
    return why === undefined ? [] : [{ planned, why }];
  });
  if (leftOut.length === chosen.length)
    throw cliErrors('INPUT', `no scenario that is chosen is for ${environment}`, {
      field: '--env',
    });
  const here = chosen.filter((planned) => !leftOut.some((one) => one.planned === planned));
  const textByFile = new Map(texts.map(({ file, text }) => [file, text]));
  return {
    run: {
      features: features.map(({ file, name }) => ({
        file,
        name,
        text: textByFile.get(file) ?? '',
      })),
      scenarios: wanted.seed === undefined ? here : shuffled(here, wanted.seed),
      leftOut,
      vocabulary: wanted.vocabulary,
      environment,
      version: ownVersion(),
    },
    surroundingsOf: surroundingsBy(settings, wanted),
  };
}

function atLines(
  scenarios: readonly PlannedScenario<World>[],
  asked: readonly AskedFile[],
): readonly PlannedScenario<World>[] {
  return asked.flatMap(({ file, lines }) => {
    const own = scenarios.filter(({ scenario }) => scenario.file === file);
    for (const line of lines)
      if (!own.some(({ scenario }) => scenario.lines.includes(line)))
        throw cliErrors('INPUT', `there is no scenario at ${file}:${line}`, { field: 'PATH' });
    return own.filter(
      ({ scenario }) => lines.length === 0 || lines.some((line) => scenario.lines.includes(line)),
    );
  });
}

/** With the base that was given in place of that of the environment. */
async function settingsOf({ paths, settings, environment, base }: Wanted): Promise<CheckSettings> {
  const file = settings ?? besideFeatures(paths, 'checks.yaml');
  const read = file === undefined ? noSettings : await loadCheckSettings(file);
  if (base !== undefined && !/^https?:$/.test(URL.canParse(base) ? new URL(base).protocol : ''))
    throw cliErrors('USAGE', `"${base}" is no http or https address`, { field: '--base' });
  if (environment !== undefined && base === undefined) environmentNamed(read, environment);
  const name = environment ?? '';
  const known = read.environments.find((one) => one.name === name) ?? {
    name,
    base: undefined,
    applications: {},
    allow: [],
    secrets: {},
    datasources: {},
  };
  const rest = read.environments.filter((one) => one.name !== name);
  return { ...read, environments: [...rest, { ...known, base: base ?? known.base }] };
}

function surroundingsBy(
  settings: CheckSettings,
  { environment, env, browsers, stream }: Wanted,
): Prepared['surroundingsOf'] {
  const known = new Map<string, Surroundings>();
  const values = secretsFrom(env, settings.file === '' ? '.' : dirname(settings.file));
  return ({ scenario: { file, tags } }) => {
    const folder = dirname(file);
    const made = known.get(folder) ?? {
      ...surroundingsFor(settings, environment ?? '', folder, values),
      browsers,
      stream: stream(environment ?? ''),
    };
    known.set(folder, made);
    return aboutApplication(made, valuesOfTag(tags, '@app')[0]);
  };
}
