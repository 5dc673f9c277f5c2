import { createHash } from 'node:crypto';
import type { Finding } from '../../checks/language/feature.ts';
import type { PlannedScenario } from '../../checks/language/plan.ts';
import { hasTag, valuesOfTag } from '../../checks/language/tags.ts';
import type { World } from '../../checks/run/world.ts';
import type { CheckSettings, PluginSettings } from '../../checks/settings/settings.ts';
import { parseDuration } from '../../event/quantity.ts';
import type { CheckDefinition, CheckRoute } from '../../rooms/checks/definition.ts';
import { maxChecks } from '../../rooms/checks/state.ts';
import { type PlannedFeature, findingAt } from './features.ts';

/** A check and what it runs. */
export interface PlannedCheck {
  readonly definition: CheckDefinition;
  readonly run:
    | { readonly kind: 'scenario'; readonly planned: PlannedScenario<World> }
    | { readonly kind: 'plugin'; readonly plugin: PluginSettings };
}

/** Names of the environments that checks are run against, and what holds unless a tag says so. */
export type DefinitionGround = Pick<CheckSettings, 'environments' | 'plugins' | 'defaults'> & {
  /** The file of the settings as people know it. */
  readonly settingsFile: string;
};

/**
 * The checks of features: each scenario in each environment that it is for, and the plugins. What is
 * found keeps no feature from running, but somebody will want to know it.
 */
export function checksOf(
  features: readonly PlannedFeature[],
  ground: DefinitionGround,
): { readonly checks: readonly PlannedCheck[]; readonly findings: readonly Finding[] } {
  const taken = new Set<string>();
  const findings: Finding[] = [];
  const known = ground.environments.map(({ name }) => name);
  const checks = features.flatMap(({ file, scenarios }) =>
    scenarios.flatMap((planned): PlannedCheck[] => {
      const wanted = valuesOfTag(planned.scenario.tags, '@env');
      for (const name of wanted.filter((one) => !known.includes(one)))
        findings.push(
          findingAt(planned, {
            tag: '@env',
            value: name,
            message: 'the settings have no such environment',
          }),
        );
      const environments =
        wanted.length === 0 ? known : known.filter((one) => wanted.includes(one));
      return environments.map((environment) => {
        const stem = file.replace(/\.feature(\.md)?$/, '');
        const id = freeId([environment, stem, planned.scenario.name], taken);
        const every = ground.defaults.every;
        const definition = ofScenario(planned, { id, environment, every });
        return { definition, run: { kind: 'scenario', planned } };
      });
    }),
  );
  const plugins = ground.plugins.map((plugin): PlannedCheck => {
    const id = freeId([plugin.environment, 'checks', plugin.name], taken);
    const definition = ofPlugin(plugin, id, ground.settingsFile);
    return { definition, run: { kind: 'plugin', plugin } };
  });
  const linked = linkedTogether([...checks, ...plugins], ({ definition, run }, value) => {
    const { file, line, environment } = definition;
    const wrong = { tag: '@dependsOn', value, message: `there is no such check in ${environment}` };
    findings.push(
      run.kind === 'scenario'
        ? findingAt(run.planned, wrong)
        : { file, line, column: 1, message: `@dependsOn(${value}): ${wrong.message}` },
    );
  });
  const left = linked[maxChecks]?.definition;
  if (left) {
    const { file, line } = left;
    const message = `${linked.length} checks are wanted, and there are ${maxChecks} at most: this one and those after it are not run`;
    findings.push({ file, line, column: 1, message });
  }
  return { checks: linked.slice(0, maxChecks), findings: once(findings) };
}

function ofScenario(
  planned: PlannedScenario<World>,
  { id, environment, every }: { readonly id: string; environment: string; every: number },
): CheckDefinition {
  const { name, file, line, tags, steps } = planned.scenario;
  const said = {
    name,
    tags: tags.map((tag) => tag.name),
    steps: steps.map(({ text, block, table }) => ({ text, block, table })),
  };
  return {
    id,
    name,
    kind: 'scenario',
    file,
    line,
    application: applicationOf(planned),
    environment,
    interval: parseDuration(valuesOfTag(tags, '@every')[0] ?? '') ?? every,
    sha: shaOf(said),
    ...ofTags(tags),
  };
}

function ofPlugin(plugin: PluginSettings, id: string, file: string): CheckDefinition {
  const { name, line, application, environment, every, tags, command, timeout } = plugin;
  return {
    id,
    name,
    kind: 'plugin',
    file,
    line,
    application,
    environment,
    interval: every,
    sha: shaOf({ name, command, tags, timeout }),
    ...ofTags(tags.map((tag) => ({ name: tag }))),
  };
}

type Tags = readonly { readonly name: string }[];

function ofTags(tags: Tags) {
  return {
    tags: [...new Set(tags.map(({ name }) => name))],
    route: routeOf(tags),
    isWarning: hasTag(tags, '@warning') || hasTag(tags, '@third-party'),
    isGate: hasTag(tags, '@gate'),
    dependsOn: valuesOfTag(tags, '@dependsOn'),
  };
}

/** The most urgent of those that are written; without any it is a ticket, so that nothing is silent. */
function routeOf(tags: Tags): CheckRoute {
  if (hasTag(tags, '@page')) return 'page';
  if (hasTag(tags, '@ticket')) return 'ticket';
  return hasTag(tags, '@note') ? 'note' : 'ticket';
}

/** `@app(shop)`, or else the first application that a step names. */
export function applicationOf({ scenario, steps }: PlannedScenario<World>): string | undefined {
  const [tagged] = valuesOfTag(scenario.tags, '@app');
  if (tagged !== undefined) return tagged;
  return steps.flatMap(({ definition, values }) => {
    const [value] = values;
    const names = /^(I am testing|the) \{string\}/.test(definition.expression);
    return names && typeof value === 'string' && !value.includes('://') ? [value] : [];
  })[0];
}

/** Of what is run; where it stands in its file does not matter. */
const shaOf = (said: unknown): string =>
  createHash('sha256').update(JSON.stringify(said)).digest('hex');

/** What is written as one part of an id: lower-case letters, digits and dashes. */
const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 80)
    .replaceAll(/^-+|-+$/g, '') || 'x';

function freeId(parts: readonly string[], taken: Set<string>): string {
  const plain = parts.map(slug).join('.');
  let id = plain;
  for (let n = 2; taken.has(id); n++) id = `${plain}-${n}`;
  taken.add(id);
  return id;
}

/** A check is named by its id, by `file.name`, or by its name alone; the first that fits is meant. */
function linkedTogether(
  checks: readonly PlannedCheck[],
  missing: (check: PlannedCheck, name: string) => void,
): readonly PlannedCheck[] {
  const ends = new Map<string, string>();
  const put = (key: string, id: string): void => {
    if (!ends.has(key)) ends.set(key, id);
  };
  for (const { definition } of checks) {
    const { id, environment } = definition;
    const [own, file = '', name = ''] = id.split('.');
    for (const end of [id, `${own}.${file}.${name}`, `${file}.${name}`, name])
      put(JSON.stringify([environment, end]), id);
  }
  return checks.map((check) => {
    const { definition } = check;
    const found = definition.dependsOn.flatMap((written) => {
      const wanted = written.split('.').map(slug).join('.');
      const id = ends.get(JSON.stringify([definition.environment, wanted]));
      if (id === undefined || id === definition.id) missing(check, written);
      return id === undefined || id === definition.id ? [] : [id];
    });
    return { ...check, definition: { ...definition, dependsOn: [...new Set(found)] } };
  });
}

const once = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((one) => [JSON.stringify(one), one])).values(),
];
