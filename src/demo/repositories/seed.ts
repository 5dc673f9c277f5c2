import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Tools } from '../company.ts';
import { demoErrors } from '../errors.ts';
import { git } from './git.ts';
import { type PastChange, type RepositoryName, history, repositoryNames } from './history.ts';
import { mergeMessage } from './messages.ts';

const hour = 3_600_000;

/** What a company's repositories are made of. */
export interface SeedOptions {
  /** `examples/newsroom`: what the repositories hold at the end of their history. */
  readonly example: string;
  /** Where `site` and `pipeline` are made. */
  readonly folder: string;
  /** ms since the epoch: the history ends some days before. */
  readonly now: () => number;
  readonly tools: Pick<Tools, 'migrations'>;
}

/**
 * Makes the company's git repositories with the history of the last weeks: by several people, with pull
 * requests, cards and tags of releases. One that is there already is left as it is; one is there whole
 * or not at all. Throws TERR_DEMO_GIT.
 */
export async function seedRepositories(options: SeedOptions): Promise<void> {
  await mkdir(options.folder, { recursive: true });
  for (const name of repositoryNames) await seedRepository(name, options);
}

async function seedRepository(
  name: RepositoryName,
  { example, folder, now, tools }: SeedOptions,
): Promise<void> {
  const target = join(folder, name);
  const from = join(example, name);
  if (existsSync(target) || !existsSync(from)) return;
  const scratch = join(folder, `.${name}`);
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch);
  await git(scratch, ['init', '-q', '-b', 'main']);
  const files = await filesIn(from);
  const end = now();
  for (const change of history[name]) {
    const own = filesOf(change, history[name], files);
    // A part of the company that this installation does not have has no history either.
    if (own.length === 0 && change.number !== undefined) continue;
    await take({ from, to: scratch, files: own });
    if (name === 'site' && own.includes('territory.yaml')) await ownMigrations(scratch, tools);
    await record(scratch, change, { at: end - change.daysAgo * 24 * hour, repository: name });
  }
  await rename(scratch, target);
}

/** Which of today's files a change brought. */
function filesOf(
  change: PastChange,
  all: readonly PastChange[],
  files: readonly string[],
): readonly string[] {
  const brings = (file: string, { brings: begins }: PastChange): boolean =>
    begins.some((begin) => file.startsWith(begin));
  return change.number === undefined
    ? files.filter((file) => !all.some((one) => brings(file, one)))
    : files.filter((file) => brings(file, change));
}

async function take(what: {
  readonly from: string;
  readonly to: string;
  readonly files: readonly string[];
}): Promise<void> {
  for (const file of what.files) {
    await mkdir(dirname(join(what.to, file)), { recursive: true });
    await cp(join(what.from, file), join(what.to, file));
  }
}

/** Where no runner can migrate SQLite, the site does it when it starts, and does not say that it is done for it. */
async function ownMigrations(folder: string, { migrations }: SeedOptions['tools']): Promise<void> {
  if (migrations === 'runner') return;
  const file = join(folder, 'territory.yaml');
  const text = await readFile(file, 'utf8');
  const own = text
    .replace(/^database:\n(?: .*\n)+/m, '')
    .replace(/^start: exec node main\.js$/m, 'start: node migrate.js && exec node main.js');
  if (own === text || own.includes('up-down-sql') || !own.includes('migrate.js'))
    throw demoErrors('GIT', `${file} is not written as it is expected to be`, { file });
  await writeFile(file, own);
}

async function record(
  folder: string,
  change: PastChange,
  { at, repository }: { readonly at: number; readonly repository: RepositoryName },
): Promise<void> {
  const { author, reviewer = author, branch, card, title, body, tag } = change;
  const commit = async (message: string): Promise<void> => {
    await git(folder, ['add', '-A']);
    await git(folder, ['commit', '-q', '-m', message], { author, at });
  };
  if (branch === undefined || card === undefined || change.number === undefined) {
    await commit([title, ...(body === undefined ? [] : ['', body])].join('\n'));
  } else {
    await git(folder, ['checkout', '-q', '-b', branch]);
    const words = body === undefined ? [] : ['', body];
    await commit([`${card}: ${title}`, ...words, '', `Card: ${card}`].join('\n'));
    await git(folder, ['checkout', '-q', 'main']);
    const message = mergeMessage({
      repository,
      number: change.number,
      branch,
      card,
      title,
      reviewer,
    });
    const merged = { author: reviewer, at: at + 5 * hour };
    await git(folder, ['merge', '-q', '--no-ff', '-m', message, branch], merged);
    await git(folder, ['branch', '-q', '-D', branch]);
  }
  if (tag !== undefined)
    await git(folder, ['tag', '-a', '-m', tag, tag], { author: reviewer, at: at + 6 * hour });
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => !file.split('/').includes('node_modules'))
    .toSorted();
}
