import type { Finding } from '../../checks/language/feature.ts';
import type { PlannedScenario } from '../../checks/language/plan.ts';
import type { Vocabulary } from '../../checks/language/vocabulary.ts';
import type { World } from '../../checks/run/world.ts';
import { readCheckSettings } from '../../checks/settings/read.ts';
import { type CheckSettings, noSettings } from '../../checks/settings/settings.ts';
import { type PlannedCheck, checksOf } from './definitions.ts';
import { type FeatureText, type PlannedFeature, planFeature } from './features.ts';

/** A text, and the last one of the same name that was right, which goes on while it is not. */
export interface Versions {
  readonly file: string;
  /** Undefined: the file is not there. */
  readonly text: string | undefined;
  readonly good: string | undefined;
}

/** Everything that checks are made from. */
export interface PlanInput {
  readonly features: readonly Versions[];
  readonly settings: Versions;
  /** What was found before: files that could not be read. */
  readonly findings: readonly Finding[];
}

/** How a feature stands. */
export interface FeatureStanding {
  readonly file: string;
  readonly name: string;
  readonly scenarios: number;
  readonly findings: readonly Finding[];
}

/** What checks there are, and what is wrong. */
export interface Plan {
  readonly checks: readonly PlannedCheck[];
  /** The scenario of each check as it is written, by its id. */
  readonly texts: ReadonlyMap<string, string>;
  readonly features: readonly FeatureStanding[];
  readonly settings: CheckSettings;
  readonly findings: readonly Finding[];
  /** The texts that are right, by file: what goes on should the next ones be wrong. */
  readonly good: Readonly<Record<string, string>>;
}

/** Plans all features. A file that is wrong goes on as it was when it last was right. */
export function planAll(input: PlanInput, vocabulary: Vocabulary<World>): Plan {
  const settled = settingsOf(input.settings);
  const good: Record<string, string> = { ...settled.good };
  const findings = [...input.findings, ...settled.findings];
  const standings: FeatureStanding[] = [];
  const running: (PlannedFeature & { readonly text: string })[] = [];
  for (const versions of input.features) {
    const { file, text = '' } = versions;
    const planned = planFeature({ file, text }, vocabulary);
    standings.push({ ...planned, scenarios: planned.scenarios.length });
    findings.push(...planned.findings);
    const runs =
      planned.findings.length === 0 ? { ...planned, text } : before(versions, vocabulary);
    if (runs) {
      running.push(runs);
      good[file] = runs.text;
    }
  }
  const { settings } = settled;
  const made = checksOf(running, { ...settings, settingsFile: input.settings.file });
  const textOf = new Map(running.map((one) => [one.file, textsOf(one)]));
  const texts = made.checks.map(({ definition, run }): [string, string] => {
    const written = run.kind === 'scenario' && textOf.get(definition.file)?.(run.planned);
    return [definition.id, written || JSON.stringify(run.kind === 'plugin' ? run.plugin.name : '')];
  });
  return {
    checks: made.checks,
    texts: new Map(texts),
    features: standings,
    settings,
    findings: [...findings, ...made.findings],
    good,
  };
}

/** What ran of a file before it was wrong. */
function before(
  { file, good }: Versions,
  vocabulary: Vocabulary<World>,
): (PlannedFeature & { readonly text: string }) | undefined {
  return good === undefined
    ? undefined
    : { ...planFeature({ file, text: good } satisfies FeatureText, vocabulary), text: good };
}

function settingsOf({ file, text, good }: Versions): {
  readonly settings: CheckSettings;
  readonly findings: readonly Finding[];
  readonly good: Readonly<Record<string, string>>;
} {
  if (text === undefined) return { settings: noSettings, findings: [], good: {} };
  const read = readCheckSettings(file, text);
  if ('settings' in read) return { settings: read.settings, findings: [], good: { [file]: text } };
  const old = good === undefined ? undefined : readCheckSettings(file, good);
  const stays = old && 'settings' in old && good !== undefined;
  return {
    settings: stays ? old.settings : noSettings,
    findings: read.findings,
    good: stays ? { [file]: good } : {},
  };
}

/** Characters of what is told of one check; each row of an outline is told all of it. */
const mostTold = 4_000;

/** Tells of a scenario its lines in its feature, with its tags. */
function textsOf({
  text,
  scenarios,
}: PlannedFeature & { readonly text: string }): (planned: PlannedScenario<World>) => string {
  const lines = text.split('\n');
  const headings = [...new Set(scenarios.map(headingOf))].toSorted((a, b) => a - b);
  const ends = new Map(headings.map((line, i) => [line, (headings[i + 1] ?? Infinity) - 1]));
  return (planned) => {
    const start = headingOf(planned);
    const own = lines.slice(start - 1, ends.get(start));
    while (own.length > 0 && /^\s*($|@|#|[^\s|:]+:\s*\S*$)/.test(own.at(-1) ?? '')) own.pop();
    let first = start - 1;
    while (/^\s*(@|`@)/.test(lines[first - 1] ?? '')) first--;
    const written = [...lines.slice(first, start - 1), ...own].join('\n');
    return written.length > mostTold ? `${written.slice(0, mostTold)}…` : written;
  };
}

/** Of an outline's row the line of the outline. */
const headingOf = ({ scenario }: PlannedScenario<World>): number =>
  scenario.lines.length > scenario.steps.length + 1
    ? (scenario.lines[1] ?? scenario.line)
    : scenario.line;
