import { type Command, Option } from 'commander';
import { type LoadedConfig, loadConfig, showProblem } from '../server/config/load.ts';
import { type Config, type Setting, settings } from '../server/config/schema.ts';
import { showSetting } from '../server/config/value.ts';
import type { Context } from './context.ts';
import { cliErrors } from './errors.ts';

/** Flags of a command that reads the configuration, by setting name, and the file. */
export type ConfigOptions = Readonly<Record<string, string | boolean | undefined>> & {
  readonly config?: string;
};

/** Adds `--config` and one flag for every setting, made from the schema. */
export function addConfigOptions(command: Command): Command {
  command.option('-c, --config <FILE>', 'YAML file with settings');
  for (const setting of settings) command.addOption(optionOf(setting));
  return command;
}

/** Adds `--config` and the named settings only: `data` to find the data directory. */
export function addSomeConfigOptions(command: Command, names: readonly string[]): Command {
  command.option('-c, --config <FILE>', 'YAML file with settings');
  for (const setting of settings)
    if (names.includes(setting.name)) command.addOption(optionOf(setting));
  return command;
}

function optionOf(setting: Setting): Option {
  const value = placeholder(setting);
  const shown = showSetting(setting, setting.default);
  const option = new Option(
    `${setting.flag} ${value}`,
    `${setting.description}${shown === '' ? '' : ` (default: ${shown})`}`,
  );
  return option.helpGroup(
    setting.name.includes('.') ? `Settings of ${setting.name.split('.')[0]}:` : 'Settings:',
  );
}

function placeholder({ unit, name }: Setting): string {
  // A switch may stand alone: `--insecure` is `--insecure true`.
  if (unit === 'switch') return '[on|off]';
  if (name === 'data') return '<DIR>';
  if (name === 'port') return '<N>';
  return {
    duration: '<DURATION>',
    size: '<SIZE>',
    number: '<N>',
    text: '<TEXT>',
    path: '<PATH>',
    choice: '<WORD>',
    structure: '<JSON>',
  }[unit];
}

/** Puts the configuration together from flags, environment and file. */
export function configFrom(options: ConfigOptions, context: Context): LoadedConfig {
  const flags: Record<string, string | boolean> = {};
  for (const { name } of settings) {
    const value = options[name];
    if (value !== undefined) flags[name] = value;
  }
  const { config: file } = options;
  return loadConfig({ flags, env: context.env, ...(file === undefined ? {} : { file }) });
}

/** Throws TERR_CLI_CONFIG with every problem of the configuration. */
export function requireConfig(loaded: LoadedConfig): Config {
  if (loaded.ok) return loaded.config;
  const problems = loaded.problems.map(showProblem).join('\n  ');
  throw cliErrors('CONFIG', `the configuration can not be used:\n  ${problems}`);
}
