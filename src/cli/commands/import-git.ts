import type { Command } from 'commander';
import { CodedError } from '../../errors/coded-error.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { type Delivery, exitCodeOf, openDelivery } from '../delivery.ts';
import { parseDuration, parseTime } from '../duration.ts';
import { cliErrors } from '../errors.ts';
import { type Range, countCommits, readCommits } from '../../intake/git/commits.ts';
import { type About, type GitFact, factOfTag, factsOfCommit } from '../../intake/git/facts.ts';
import { type Repository, openRepository } from '../git/repository.ts';
import { readTags } from '../../intake/git/tags.ts';
import { type Progress, showProgress } from '../progress.ts';
import { plural, printable } from '../words.ts';

interface ImportOptions extends ConnectionOptions {
  readonly since?: string;
  readonly branch?: string;
  readonly stat?: boolean;
  readonly withEmails?: boolean;
  readonly service?: string;
  readonly source?: string;
  readonly dryRun?: boolean;
  readonly retryFor: string;
  readonly json?: boolean;
}

/** Adds `territory import git`. */
export function addImport(program: Command, context: Context): void {
  const parent = program
    .command('import')
    .summary('Bring in what happened before.')
    .description('Bring in what happened before.');
  const command = declare(parent, context, {
    usage: 'git <path>',
    summary: 'Import commits, merges and tags of a local repository as facts.',
    description:
      'Facts carry the times of the commits. Importing again adds only what is new. Addresses of ' +
      'people are left out unless --with-emails is given. See docs/guides/import-git.md.',
    examples: [
      ['territory import git .', 'the repository around you'],
      ['territory import git /srv/git/shop.git --stat --service shop', 'with the size of changes'],
      ['territory import git . --branch main --since 90d', 'the last quarter of one branch'],
      ['territory import git . --dry-run --json | head -1', 'see a fact without sending it'],
    ],
  });
  command
    .option('--since <TIME>', 'only what was committed from then on: RFC 3339, a day, or e.g. 90d')
    .option(
      '--branch <NAME>',
      'only what can be reached from there (default: all branches and tags)',
    )
    .option('--stat', 'with files changed, insertions and deletions (slower)')
    .option('--with-emails', 'with the addresses of authors and committers')
    .option('--service <NAME>', 'put the facts under this service')
    .option('--source <URI>', 'source of the facts (default: the origin without credentials)')
    .option('--dry-run', 'send nothing; with --json print the facts as NDJSON')
    .option('--retry-for <DURATION>', 'how long to go on trying while the server is busy', '1m')
    .option('--json', 'print the counts as one JSON document');
  addConnectionOptions(command).action(async (path: string, options: ImportOptions) => {
    try {
      await importGit(path, options, context);
    } catch (error) {
      throw asOurs(error);
    }
  });
}

/** What reading a repository throws is said by the intake; here it is the command's own error. */
function asOurs(error: unknown): unknown {
  return error instanceof CodedError && error.code === 'TERR_INTAKE_SOURCE'
    ? cliErrors('GIT', error.message, { cause: error })
    : error;
}

/** git knows no commit before it; a clock that was wrong is no fact. As `intake.factsSince`. */
const oldest = Date.UTC(1980, 0, 1);
const aheadMs = 24 * 3_600_000;
const parcelFacts = 1_000;

interface Counts {
  commit: number;
  merge: number;
  tag: number;
  tooOld: number;
  inFuture: number;
}

async function importGit(path: string, options: ImportOptions, context: Context): Promise<void> {
  const { terminal, signal } = context;
  const repository = await openRepository(path, signal);
  const source = options.source ?? repository.source;
  terminal.say(`importing ${printable(repository.name)} as ${printable(source)}`);
  if (repository.shallow)
    terminal.say(
      'this is a shallow clone: older commits are missing; `git fetch --unshallow` brings them',
    );
  const { since, branch } = options;
  const range: Range = {
    hasHead: repository.hasHead,
    ...(branch === undefined ? {} : { branch }),
    ...(since === undefined ? {} : { since: parseTime(since, '--since', context.now()) }),
  };
  const counts: Counts = { commit: 0, merge: 0, tag: 0, tooOld: 0, inFuture: 0 };
  const facts = readFacts(repository, { options, range, source, counts, context });
  if (options.dryRun === true) {
    for await (const fact of facts)
      if (options.json === true) await terminal.print(`${encode(fact)}\n`);
    if (options.json !== true) await terminal.print(`${found(counts).join('\n')}\n`);
    return;
  }
  const delivery = openDelivery(connect(options, context), {
    retryForMs: parseDuration(options.retryFor, '--retry-for'),
    onWait: (why, ms) => terminal.say(`waiting ${Math.round(ms)} ms: ${why}`),
    onRefused: ({ message, code }) => terminal.detail(`refused: ${message} ${code}`),
  });
  await sendAll(facts, delivery);
  await printReport(delivery, { repository, source, counts, context, json: options.json === true });
}

interface Reading {
  readonly options: ImportOptions;
  readonly range: Range;
  readonly source: string;
  readonly counts: Counts;
  readonly context: Context;
}

/** All facts within the times that can be true; counts what it gives and what it leaves out. */
async function* readFacts(repository: Repository, reading: Reading): AsyncGenerator<GitFact> {
  const { options, range, source, counts, context } = reading;
  const { signal } = context;
  const about: About = {
    source,
    repository: repository.name,
    withEmails: options.withEmails === true,
    ...(options.service === undefined ? {} : { service: options.service }),
  };
  const total = await countCommits(repository.path, range, signal);
  const progress: Progress = showProgress(context.terminal, 'commits', total);
  const keep = (fact: GitFact): boolean => {
    const tooOld = !(fact.time >= oldest);
    const inFuture = fact.time > context.now() + aheadMs;
    counts[tooOld ? 'tooOld' : inFuture ? 'inFuture' : fact.kind]++;
    return !tooOld && !inFuture;
  };
  try {
    const stat = options.stat === true;
    for await (const commit of readCommits(repository.path, { ...range, stat }, signal)) {
      yield* factsOfCommit(commit, about).filter(keep);
      progress.advance(1);
    }
  } finally {
    progress.stop();
  }
  for (const tag of await readTags(repository.path, range.branch, signal))
    if (range.since === undefined || tag.time >= range.since)
      yield* [factOfTag(tag, about)].filter(keep);
}

/** `kind` is for the counts only. */
function encode(fact: GitFact): string {
  return JSON.stringify({ ...fact, kind: undefined });
}

/** Sends one parcel while git writes the next. */
async function sendAll(facts: AsyncIterable<GitFact>, delivery: Delivery): Promise<void> {
  let lines: string[] = [];
  const flush = (): Promise<void> => {
    const parcel = { lines, places: lines.map((_, index) => index + 1) };
    lines = [];
    return delivery.send(parcel);
  };
  for await (const fact of facts) if (lines.push(encode(fact)) === parcelFacts) await flush();
  await flush();
}

function found(counts: Counts): string[] {
  const lines = [
    `${plural(counts.commit, 'commit')}, ${plural(counts.merge, 'merge')}, ${plural(counts.tag, 'tag')}`,
  ];
  if (counts.tooOld > 0)
    lines.push(`${counts.tooOld} left out: dated before 1980, so their clock was wrong`);
  if (counts.inFuture > 0)
    lines.push(`${counts.inFuture} left out: dated more than a day ahead of this clock`);
  return lines;
}

interface Imported {
  readonly repository: Repository;
  readonly source: string;
  readonly counts: Counts;
  readonly context: Context;
  readonly json: boolean;
}

async function printReport(delivery: Delivery, imported: Imported): Promise<void> {
  const { counts, context, source, repository } = imported;
  const { accepted, duplicates, refused, errors } = delivery.report();
  context.finish(exitCodeOf(delivery.report()));
  if (imported.json) {
    const { commit: commits, merge: merges, tag: tags, tooOld, inFuture } = counts;
    const sent = { commits, merges, tags, tooOld, inFuture, accepted, duplicates, refused };
    const document = { source, shallow: repository.shallow, ...sent, errors };
    await context.terminal.print(`${JSON.stringify(document)}\n`);
    return;
  }
  const lines = found(counts);
  if (accepted + duplicates + refused === 0) lines.push('nothing to import');
  else if (accepted === 0 && refused === 0)
    lines.push('nothing new: all of it was imported before');
  else
    lines.push(`${plural(accepted, 'new fact')}, ${duplicates.toLocaleString('en')} known already`);
  if (refused > 0) {
    lines.push(`${plural(refused, 'fact')} refused; the first reasons:`);
    for (const { message, code } of errors.slice(0, 5)) lines.push(`  ${message} ${code}`);
  }
  await context.terminal.print(`${lines.join('\n')}\n`);
}
