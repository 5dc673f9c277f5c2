import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Field } from '../../rooms/releases/manifest/field.ts';
import { type Fault, topOf } from '../../rooms/releases/manifest/read.ts';
import { runnerErrors } from '../errors.ts';
import type { EnvironmentConfig, RunnerConfig } from './config.ts';
import { readEnvironment } from './environment.ts';
import { Secrets } from './secrets.ts';

const names = [
  'name',
  'server',
  'token',
  'home',
  'artefacts',
  'lanes',
  'evidence-every',
  'environments',
];
const lanesUnlessSaid = 4;
/** Seconds between looks at what runs. */
const evidenceUnlessSaid = 30;

/** A configuration when there is no error among the faults. */
export interface ReadConfig {
  readonly config: RunnerConfig | undefined;
  readonly faults: readonly Fault[];
}

/**
 * Reads the text of `runner.yaml`, and the files of secrets that it names, from its folder. Never
 * throws: what is wrong is a fault with line and column. `env` is the environment of the runner.
 */
export function readConfigText(
  file: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): ReadConfig {
  const { field, faults } = topOf(file, text);
  if (field?.exists !== true) {
    const empty: Fault = {
      severity: 'error',
      message: 'the file is empty; docs/formats/runner-yaml.md says what is in it',
      file,
      line: 1,
      column: 1,
    };
    return { config: undefined, faults: faults.length > 0 ? faults : [empty] };
  }
  const config = configOf(field.known(names), file, new Secrets(dirname(resolve(file)), env));
  const isBad = faults.some(({ severity }) => severity === 'error');
  return { config: isBad ? undefined : config, faults };
}

/** Reads `runner.yaml`. Throws TERR_RUNNER_CONFIG with everything that is wrong, and where. */
export function readConfig(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): RunnerConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `can not be read (${code})`;
    throw runnerErrors('CONFIG', `${file} ${why}`, { file, cause: error });
  }
  const { config, faults } = readConfigText(file, text, env);
  if (config) return config;
  const lines = faults
    .filter(({ severity }) => severity === 'error')
    .map((one) => `${one.file}:${one.line}:${one.column}: ${one.message}`);
  throw runnerErrors('CONFIG', lines.join('\n       '), { file });
}

function configOf(top: Field, file: string, secrets: Secrets): RunnerConfig | undefined {
  const required = (name: string): Field => {
    const field = top.get(name);
    if (!field.exists) top.errorAtName(`"${name}" is missing`);
    return field;
  };
  const name = top.get('name').text() ?? hostname();
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name))
    top.get('name').error('"name" has letters, digits, ".", "_" and "-", at most 100 of them');
  const server = addressOf(required('server'));
  const token = secrets.value(required('token'));
  const home = secrets.path(required('home'));
  const environments = environmentsOf(required('environments'), secrets, token?.text);
  const rest = {
    artefacts: secrets.path(top.get('artefacts')),
    lanes: top.get('lanes').whole(1, 100) ?? lanesUnlessSaid,
    evidenceEvery: 1000 * (top.get('evidence-every').seconds() ?? evidenceUnlessSaid),
  };
  if (rest.evidenceEvery < 1000) top.get('evidence-every').error('at least 1s');
  if (server === undefined || token === undefined || home === undefined) return undefined;
  return {
    file: resolve(file),
    name,
    server,
    token: token.text.trim(),
    home,
    ...rest,
    variables: [...secrets.variables].toSorted(),
    environments,
  };
}

function environmentsOf(
  field: Field,
  secrets: Secrets,
  token: string | undefined,
): readonly EnvironmentConfig[] {
  if (field.exists && !field.isMap)
    field.error('"environments" holds names: staging: {instances: 2}');
  const entries = field.unique().entries();
  if (field.isMap && entries.length === 0) field.error('there is no environment');
  return entries.map(([name, value]) => readEnvironment(name, value, { secrets, token }));
}

function addressOf(field: Field): string | undefined {
  const text = field.text();
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    field.error(`"${text}" is no http or https address such as http://127.0.0.1:7070`);
  return text.replace(/\/+$/, '');
}
