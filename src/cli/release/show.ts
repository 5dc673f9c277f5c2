import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { releaseErrors } from '../../release/errors.ts';
import { loadRelease, placeOfArtefact } from '../../release/store.ts';
import type {
  ConfigKey,
  Migration,
  Release,
  ReleaseFile,
} from '../../rooms/releases/artefact/release.ts';
import { suggest } from '../../event/suggest.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';
import { plural, printable } from '../words.ts';
import { type StoreOptions, addStoreOptions } from './options.ts';
import { showBytes, withVersion } from './release-words.ts';

interface Options extends StoreOptions {
  readonly files?: boolean;
  readonly migrations?: boolean;
  readonly config?: boolean;
  readonly file?: string;
}

type Style = Terminal['style'];

/** Adds `territory release show`. */
export function addReleaseShow(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'show <app> <version>',
    summary: 'Look into an artefact, down to each file.',
    description: 'Needs no server. Without an option says what is in it; with one lists that part.',
    examples: [
      [
        'territory release show shop release_412',
        'what it is made of, and whether it can be taken back',
      ],
      ['territory release show shop release_412 --migrations', 'one part of it'],
      [
        'territory release show shop release_412 --file config/keys.yaml',
        'one file as it is stored',
      ],
      ['territory release show shop release_412 --json', 'its release.json'],
    ],
  })
    .option('--files', 'each file with its mode, size and hash')
    .option('--migrations', 'migrations with phase, and what they destroy')
    .option('--config', 'configuration keys')
    .option('--file <PATH>', 'print one file of the artefact');
  addStoreOptions(command).action(async (app: string, version: string, options: Options) => {
    const { terminal } = context;
    const store = resolve(options.from);
    const release = await loadRelease(store, app, version);
    const parts = (['files', 'migrations', 'config'] as const).filter((part) => options[part]);
    if (parts.length + (options.file === undefined ? 0 : 1) > 1)
      throw cliErrors(
        'USAGE',
        'show one part at a time: --files, --migrations, --config or --file',
      );
    const place = placeOfArtefact(store, app, release.digest);
    if (options.file !== undefined)
      return terminal.print(await fileOf(release, place, options.file));
    const [part] = parts;
    if (options.json === true)
      return terminal.print(`${JSON.stringify(part === undefined ? release : release[part])}\n`);
    await terminal.print(textOf(release, part, terminal.style));
  });
}

async function fileOf(release: Release, place: string, path: string): Promise<Uint8Array> {
  const wanted = path.replace(/^\.\//, '');
  const file = release.files.find((one) => one.path === wanted);
  if (!file) {
    const near = suggest(
      wanted,
      release.files.slice(0, 5_000).map((one) => one.path),
    );
    const hint = near === undefined ? '--files lists what there is' : `did you mean ${near}?`;
    throw releaseErrors(
      'UNKNOWN',
      `there is no ${path} in ${release.app} ${release.version}; ${hint}`,
    );
  }
  return readFile(join(place, 'files', file.path)).catch((error: NodeJS.ErrnoException) => {
    throw releaseErrors('ARTEFACT', `${path} is listed, and can not be read: ${error.message}`);
  });
}

function textOf(
  release: Release,
  part: 'files' | 'migrations' | 'config' | undefined,
  style: Style,
): string {
  if (part === 'files') return filesText(release.files, style);
  if (part === 'migrations') return migrationsText(release.migrations, style);
  if (part === 'config') return keysText(release.config.keys, style);
  return overview(release, style);
}

function overview(release: Release, style: Style): string {
  const { source, files, migrations, config, dependencies, contracts, smoke, needs } = release;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const contract = migrations.filter(({ phase }) => phase === 'contract').length;
  const names = (list: readonly string[]): string =>
    list.length === 0 ? 'none' : list.map(printable).join(', ');
  const rows = [
    ['digest', release.digest],
    ['commit', `${source.commit}${source.tag === null ? '' : `, tag ${printable(source.tag)}`}`],
    ['repository', printable(`${source.repo}${source.path === '' ? '' : `, ${source.path}`}`)],
    ['built', `${source.builtAt} by ${printable(source.builtBy)}`],
    ['previous', printable(source.previous ?? 'none known')],
    ['files', `${plural(files.length, 'file')}, ${showBytes(bytes)}`],
    ['migrations', `${migrations.length}, ${contract} of them contract`],
    [
      'config',
      `${plural(config.keys.length, 'key')}, ${config.keys.filter(({ required }) => required).length} required`,
    ],
    [
      'dependencies',
      `${dependencies.length}, ${dependencies.filter(({ direct }) => direct).length} direct`,
    ],
    ['contracts', names(contracts.map(({ name, version }) => withVersion(name, version)))],
    ['smoke', plural(smoke.length, 'scenario')],
    [
      'needs',
      names(
        needs.map(({ name, version, soft }) => `${soft ? '~' : ''}${withVersion(name, version)}`),
      ),
    ],
  ] as const;
  const { value, why } = release.reversible;
  const back = value ? style('green', 'yes') : style('yellow', 'no');
  return [
    style('bold', printable(`${release.app} ${release.version}`)),
    ...rows.map(([name, text]) => `  ${name.padEnd(13)} ${text}`),
    `  ${'reversible'.padEnd(13)} ${back}`,
    ...why.map((reason) => `    ${printable(reason)}`),
    ...release.warnings.map((warning) => `  ${style('yellow', '!')} ${printable(warning)}`),
    '',
  ].join('\n');
}

const columns = (...heads: readonly string[]): { head: string }[] =>
  heads.map((head) => ({ head }));

function filesText(files: readonly ReleaseFile[], style: Style): string {
  const rows = files.map(({ mode, size, sha256, path }) => [
    mode,
    String(size),
    sha256.slice(0, 12),
    printable(path),
  ]);
  const heads = columns('Mode', 'Bytes', 'SHA-256', 'Path').map((column, i) =>
    i === 1 ? { ...column, align: 'right' as const } : column,
  );
  return textTable(heads, rows, style);
}

function migrationsText(migrations: readonly Migration[], style: Style): string {
  if (migrations.length === 0) return 'there are no migrations\n';
  const rows = migrations.map(({ db, id, phase, down, destructive }) => [
    printable(db),
    printable(id),
    phase,
    down ? 'yes' : 'no',
    destructive.map(printable).join('; '),
  ]);
  return textTable(columns('Database', 'Migration', 'Phase', 'Down', 'Destroys'), rows, style);
}

function keysText(keys: readonly ConfigKey[], style: Style): string {
  if (keys.length === 0) return 'there are no configuration keys\n';
  const rows = keys.map((key) => [
    key.name,
    key.required ? 'required' : '',
    key.secret ? 'secret' : '',
    printable(defaultOf(key)),
    printable(key.description ?? ''),
  ]);
  return textTable(columns('Key', '', '', 'Default', 'Description'), rows, style);
}

/** Of a secret only that there is one, by its fingerprint. */
export function defaultOf({ default: value, defaultSha }: ConfigKey): string {
  if (value !== null) return value === '' ? '""' : value;
  return defaultSha === null ? 'none' : `(${defaultSha.slice(0, 8)}…)`;
}
