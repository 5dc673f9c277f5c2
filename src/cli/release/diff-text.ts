import type { ConfigKey, Migration } from '../../rooms/releases/artefact/release.ts';
import type { CommitsPart } from '../../rooms/releases/diff/commits.ts';
import type { ChangedKey, ConfigPart } from '../../rooms/releases/diff/config.ts';
import type { DependenciesPart, Moved } from '../../rooms/releases/diff/dependencies.ts';
import type { Parts, ReleaseDiff } from '../../rooms/releases/diff/diff.ts';
import type { Level } from '../../rooms/releases/diff/level.ts';
import type { MigrationsPart } from '../../rooms/releases/diff/migrations.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../words.ts';
import { withVersion } from './release-words.ts';
import { defaultOf } from './show.ts';

type Style = Terminal['style'];

/** Of one part, for people; --json has them all. */
const maxLines = 40;

/** One line of a part; its sign says what happened, also without colour. */
interface Line {
  readonly sign: '+' | '-' | '~' | '!' | ' ';
  readonly text: string;
}

const colours = { '+': 'green', '-': 'red', '~': 'yellow', '!': 'red', ' ': 'reset' } as const;
const levelColours: Readonly<Record<Level, 'dim' | 'cyan' | 'yellow' | 'red'>> = {
  none: 'dim',
  code: 'cyan',
  config: 'cyan',
  dependency: 'cyan',
  'migration-expand': 'yellow',
  'migration-contract': 'red',
  incompatible: 'red',
};

/** A diff as lines for a terminal, what has to be seen first. */
export function diffText(
  { app, from, to, level, notices, parts }: ReleaseDiff,
  style: Style,
): string {
  const head = `${style('bold', printable(`${app} ${from.version} → ${to.version}`))}  ${levelText(level, style)}`;
  const told = notices.map(({ severity, message }) =>
    style(severity === 'error' ? 'red' : 'yellow', `! ${severity}: ${printable(message)}`),
  );
  const same = from.digest === to.digest ? ['the files of both are the same'] : [];
  const sections = Object.entries(linesOf(parts)).map(([name, lines]) => {
    const part = parts[name as keyof Parts]; // the names of linesOf's result are those of the parts
    const shown = lines
      .slice(0, maxLines)
      .map(({ sign, text }) => style(colours[sign], `  ${sign} ${printable(text)}`));
    const more = lines.length > maxLines ? [`    and ${lines.length - maxLines} more`] : [];
    return [`${style('bold', name)}  ${levelText(part.level, style)}`, ...shown, ...more].join(
      '\n',
    );
  });
  return `${[head, ...told, ...same, '', ...sections].join('\n')}\n`;
}

const levelText = (level: Level, style: Style): string => style(levelColours[level], level);

const plus = (text: string): Line => ({ sign: '+', text });
const minus = (text: string): Line => ({ sign: '-', text });
const change = (text: string): Line => ({ sign: '~', text });
const note = (text: string): Line => ({ sign: ' ', text });

function linesOf(parts: Parts): Readonly<Record<keyof Parts, readonly Line[]>> {
  const { files, contracts, smoke, needs } = parts;
  const contract = ({ name, version }: { name: string; version: string | null }): string =>
    withVersion(name, version);
  const need = (one: { name: string; version: string | null; soft: boolean }): string =>
    `${withVersion(one.name, one.version)}${one.soft ? ', soft' : ''}`;
  return {
    commits: commitLines(parts.commits),
    files: [
      ...files.added.map(({ path }) => plus(path)),
      ...files.deleted.map(({ path }) => minus(path)),
      ...files.modified.map(({ path, before, after }) =>
        change(before.mode === after.mode ? path : `${path} (mode ${before.mode} → ${after.mode})`),
      ),
    ],
    migrations: migrationLines(parts.migrations),
    config: configLines(parts.config),
    dependencies: dependencyLines(parts.dependencies),
    contracts: [
      ...contracts.added.map((one) => plus(contract(one))),
      ...contracts.removed.map((one) => minus(contract(one))),
      ...contracts.changed.map(({ before, after }) =>
        change(`${contract(before)} → ${contract(after)}; whether consumers break is not known`),
      ),
    ],
    smoke: [
      ...smoke.added.map(({ scenario }) => plus(scenario)),
      ...smoke.dropped.map(({ scenario }) => minus(`DROPPED ${scenario}`)),
      ...smoke.changed.map(({ scenario }) => change(scenario)),
    ],
    needs: [
      ...needs.gained.map((one) => plus(need(one))),
      ...needs.lost.map((one) => minus(need(one))),
      ...needs.changed.map(({ before, after }) => change(`${need(before)} → ${need(after)}`)),
    ],
  };
}

function commitLines({ added, removed, pullRequests, issues, source }: CommitsPart): Line[] {
  if (added === null || removed === null) return [note('not known')];
  const text = ({ sha, title, author }: (typeof added)[number]): string =>
    `${sha.slice(0, 10)} ${title} (${author})`;
  const names = [...pullRequests.map((number) => `#${number}`), ...issues];
  const counts = (kind: string): number => source?.filter((one) => one.kind === kind).length ?? 0;
  const changed = source?.length
    ? [
        `source files: ${counts('A')} added, ${counts('D')} deleted, ${counts('M')} modified, ${counts('R')} renamed`,
      ]
    : [];
  return [
    ...removed.map((one) => minus(text(one))),
    ...added.map((one) => plus(text(one))),
    ...(names.length > 0 ? [note(`names ${names.join(', ')}`)] : []),
    ...changed.map(note),
  ];
}

function migrationLines({ added, removed, changed, back }: MigrationsPart): Line[] {
  const text = ({ db, id, phase, down, destructive }: Migration): string =>
    [`${db} ${id}`, phase, ...(down ? [] : ['irreversible']), ...destructive].join(', ');
  return [
    ...added.map((one) => plus(text(one))),
    ...removed.toReversed().map((one) => minus(text(one))),
    ...changed.map(({ db, id }): Line => ({ sign: '!', text: `${db} ${id} was changed` })),
    ...(back.length > 0
      ? [
          note(
            `to take them back: ${back.map(({ id, by }) => `${id} ${by ?? 'irreversible'}`).join(', ')}`,
          ),
        ]
      : []),
  ];
}

function configLines({
  added,
  removed,
  changed,
  environment,
  withoutValue,
  unset,
}: ConfigPart): Line[] {
  const missing = new Set(unset.map(({ name }) => name));
  const unvalued = new Set(withoutValue.map(({ name }) => name));
  const without = (name: string): string[] => {
    if (!unvalued.has(name)) return [];
    return [`${missing.has(name) ? 'unset' : 'no value'} in ${environment}`];
  };
  return [
    ...added.map((key) => plus([key.name, ...traits(key), ...without(key.name)].join(', '))),
    ...removed.map(({ name }) => minus(name)),
    ...changed.map((one) => change(changedText(one))),
    ...unset
      .filter(({ name }) => !added.some((key) => key.name === name))
      .map(({ name }): Line => ({
        sign: '!',
        text: `${name} is required and unset in ${environment}`,
      })),
  ];
}

function traits(key: ConfigKey): string[] {
  const value = key.defaultSha === null ? [] : [`default ${defaultOf(key)}`];
  return [...(key.required ? ['required'] : []), ...(key.secret ? ['secret'] : []), ...value];
}

function changedText({ name, before, after, changes }: ChangedKey): string {
  const parts = changes.map((what) => {
    if (what === 'default') return `${defaultOf(before)} → ${defaultOf(after)}`;
    if (what === 'type') return `type ${before.type ?? 'none'} → ${after.type ?? 'none'}`;
    return `${after[what] ? '' : 'no longer '}${what}`;
  });
  return `${name} ${parts.join(', ')}`;
}

function dependencyLines({
  added,
  removed,
  upgraded,
  downgraded,
  replaced,
}: DependenciesPart): Line[] {
  const reach = (direct: boolean): string => (direct ? '' : ' (transitive)');
  const moved = ({ name, before, after, direct }: Moved): string =>
    `${name} ${before.join(', ')} → ${after.join(', ')}${reach(direct)}`;
  return [
    ...downgraded.map((one) => change(`${moved(one)}, DOWNGRADED`)),
    ...upgraded.map((one) => change(moved(one))),
    ...removed.map(({ name, version, direct }) => minus(`${name} ${version}${reach(direct)}`)),
    ...added.map(({ name, version, direct }) => plus(`${name} ${version}${reach(direct)}`)),
    ...replaced.map(({ name, version }): Line => ({
      sign: '!',
      text: `${name} ${version} is made of other bytes`,
    })),
  ];
}
