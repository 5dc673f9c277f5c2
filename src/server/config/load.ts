import { readFileSync } from 'node:fs';
import { misfits } from './alerting-check.ts';
import { type ConfigProblem, readConfigText, unknownName } from './file.ts';
import { type Config, type Setting, settings } from './schema.ts';
import { type SettingValue, readSetting } from './value.ts';

/** Where settings come from, the strongest first: flags, environment, file. */
export interface ConfigInput {
  /** By setting name without the dashes: `{ 'log.retention.age': '7d', port: 8080 }`. */
  readonly flags?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Path of the YAML file; it must exist when it is named. */
  readonly file?: string;
}

/** Which of flag, environment, file or default won, by setting name. */
export type Origins = Readonly<Record<string, string>>;

export type LoadedConfig =
  | { readonly ok: true; readonly config: Config; readonly origins: Origins }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

interface Found {
  readonly value: SettingValue;
  readonly origin: string;
}

/**
 * Puts the configuration together: flag before environment before file before default. All
 * problems are reported at once. Variables named TERRITORY_… that are no setting are ignored
 * (TERRITORY_URL and TERRITORY_TOKEN belong to the CLI).
 */
export function loadConfig(input: ConfigInput): LoadedConfig {
  const problems: ConfigProblem[] = [];
  const found = new Map<string, Found>();
  for (const setting of settings)
    if (setting.default !== undefined)
      found.set(setting.name, { value: setting.default, origin: 'default' });
  if (input.file !== undefined) fromFile(input.file, found, problems);
  fromEnvironment(input.env ?? {}, found, problems);
  fromFlags(input.flags ?? {}, found, problems);
  problems.push(...together(found));
  if (problems.length > 0) return { ok: false, problems };
  const origins = Object.fromEntries([...found].map(([name, { origin }]) => [name, origin]));
  return { ok: true, config: nest(found), origins };
}

/** The defaults as a configuration, for tests and tools. */
export function defaultConfig(): Config {
  const loaded = loadConfig({});
  if (!loaded.ok) throw new Error(loaded.problems.map(showProblem).join('\n'));
  return loaded.config;
}

/** One line for people: `territory.yaml:3:7: log.retention.age must be …`. */
export function showProblem(problem: ConfigProblem): string {
  const place = problem.line === undefined ? '' : `:${problem.line}:${problem.column ?? 1}`;
  return `${problem.origin}${place}: ${problem.message}`;
}

function fromFile(path: string, found: Map<string, Found>, problems: ConfigProblem[]): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    problems.push({ origin: path, message: `the configuration cannot be read (${reason})` });
    return;
  }
  const reading = readConfigText(text, path);
  problems.push(...reading.problems);
  for (const [name, value] of reading.values) found.set(name, { value, origin: path });
}

function fromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  found: Map<string, Found>,
  problems: ConfigProblem[],
): void {
  for (const setting of settings) {
    const written = env[setting.variable];
    if (written !== undefined && written !== '')
      take(setting, { written, origin: setting.variable }, { found, problems });
  }
}

function fromFlags(
  flags: Readonly<Record<string, string | number | boolean>>,
  found: Map<string, Found>,
  problems: ConfigProblem[],
): void {
  for (const [name, written] of Object.entries(flags)) {
    const setting = settings.find((s) => s.name === name);
    if (setting) take(setting, { written, origin: setting.flag }, { found, problems });
    else problems.push({ name, origin: `--${name}`, message: unknownName(name) });
  }
}

function take(
  setting: Setting,
  given: { readonly written: unknown; readonly origin: string },
  into: { readonly found: Map<string, Found>; readonly problems: ConfigProblem[] },
): void {
  const { written, origin } = given;
  const { name } = setting;
  const read = readSetting(setting, written);
  if ('value' in read) into.found.set(name, { value: read.value, origin });
  else into.problems.push({ name, origin, message: `${name} ${read.wrong}` });
}

/** What no single setting can tell. */
function together(found: ReadonlyMap<string, Found>): ConfigProblem[] {
  const alerting = misfits((name) => found.get(name)?.value).map(({ name, message }) => {
    const origin = found.get(name)?.origin ?? 'default';
    return { name, origin, message: `${name} ${message}` };
  });
  return [...alerting, ...halfOfTls(found)];
}

function halfOfTls(found: ReadonlyMap<string, Found>): ConfigProblem[] {
  const cert = found.get('tls.cert');
  const key = found.get('tls.key');
  const given = cert ?? key;
  if (given === undefined || (cert && key)) return [];
  const missing = cert ? 'tls.key' : 'tls.cert';
  return [{ name: missing, origin: given.origin, message: `TLS needs ${missing} as well` }];
}

function nest(found: ReadonlyMap<string, Found>): Config {
  const top: Record<string, unknown> = {};
  // A group without any setting that has a value (tls) must be there all the same.
  for (const { name } of settings) groupOf(top, name);
  for (const [name, { value }] of found)
    groupOf(top, name)[name.slice(name.lastIndexOf('.') + 1)] = value;
  return top as unknown as Config; // every leaf was read by its own schema
}

function groupOf(top: Record<string, unknown>, name: string): Record<string, unknown> {
  let group = top;
  for (const step of name.split('.').slice(0, -1))
    group = (group[step] ??= {}) as Record<string, unknown>;
  return group;
}
