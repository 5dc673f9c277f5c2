import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import { type StreamName, streamNames } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import { writeExport } from '../backup/write.ts';
import { declare } from '../command.ts';
import {
  type ConfigOptions,
  addSomeConfigOptions,
  configFrom,
  requireConfig,
} from '../config-options.ts';
import type { Context } from '../context.ts';
import { logIn } from '../data-directory.ts';
import { parseTime } from '../duration.ts';
import { cliErrors } from '../errors.ts';
import { showProgress } from '../progress.ts';
import { ownVersion } from '../../server/version.ts';
import { plural } from '../words.ts';

type ExportCommand = ConfigOptions & {
  readonly out?: string;
  readonly facts?: boolean;
  readonly readings?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly force?: boolean;
};

/** Adds `territory export`. */
export function addExport(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'export',
    summary: 'Write everything in the log to a file, with offsets, times of receipt and sources.',
    description:
      'May run while the server runs. Users and tokens are in accounts.json; copy it too. See ' +
      'docs/guides/backup-and-restore.md.',
    examples: [
      ['territory export --out backup.ndjson.gz', 'everything'],
      ['territory export --facts | zstd > facts.ndjson.zst', 'facts, packed by another tool'],
      ['territory export --from 1d --out "$(date +%F).ndjson.gz"', 'what was received in a day'],
    ],
  });
  addSomeConfigOptions(command, ['data'])
    .option(
      '-o, --out <FILE>',
      'packed with gzip when it ends in .gz (default: stdout, not packed)',
    )
    .option('--facts', 'only facts')
    .option('--readings', 'only readings')
    .option('--from <TIME>', 'received from then on: RFC 3339, a day, or e.g. 1d for a day ago')
    .option('--to <TIME>', 'received before then')
    .option('--force', 'replace FILE when it is there')
    .action((options: ExportCommand) => exportLog(options, context));
}

async function exportLog(options: ExportCommand, context: Context): Promise<void> {
  const { data } = requireConfig(configFrom(options, context));
  if (options.out === undefined && context.terminal.isTerminal.out)
    throw cliErrors('USAGE', 'give --out FILE, or send stdout somewhere');
  const { openLmdbLog } = await import('../../log/lmdb/lmdb-log.ts');
  const log = await openLmdbLog({
    dir: logIn(data),
    role: 'reader',
    now: context.now,
    onProblem: context.terminal.say,
  });
  try {
    const exporting = { log, options, context };
    const count = await (options.out === undefined
      ? toStdout(exporting)
      : toFile(exporting, options.out));
    context.terminal.say(
      `${plural(count, 'event')} written${options.out === undefined ? '' : ` to ${options.out}`}`,
    );
  } finally {
    await log.close();
  }
}

interface Exporting {
  readonly log: Log;
  readonly options: ExportCommand;
  readonly context: Context;
}

async function toStdout(exporting: Exporting): Promise<number> {
  const { bytes, count } = start(exporting);
  for await (const chunk of bytes) await exporting.context.terminal.print(chunk);
  return count();
}

/** The file has its name only once it is whole and on disk. */
async function toFile(exporting: Exporting, out: string): Promise<number> {
  const part = `${out}.part`;
  try {
    if (exporting.options.force !== true) await reserve(out);
    const { bytes, count } = start(exporting);
    const file = createWriteStream(part, { mode: 0o600, flush: true });
    const { signal } = exporting.context;
    if (out.endsWith('.gz'))
      await pipeline(Readable.from(bytes), createGzip({ level: 4 }), file, { signal });
    else await pipeline(Readable.from(bytes), file, { signal });
    await rename(part, out);
    return count();
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof Error && 'syscall' in error)
      throw cliErrors('INPUT', `can not write ${out}: ${error.message}`, {
        field: '--out',
        cause: error,
      });
    throw error;
  }
}

/** Throws when there is such a file. */
async function reserve(out: string): Promise<void> {
  const found = await open(out, 'r').catch(() => undefined);
  await found?.close();
  if (found !== undefined)
    throw cliErrors('USAGE', `${out} is there already; --force replaces it`, { field: '--out' });
}

function start({ log, options, context }: Exporting) {
  const streams = streamsOf(options);
  const total = streams.reduce((sum, name) => sum + log.stat(name).next - log.stat(name).first, 0);
  const progress = showProgress(context.terminal, 'events', total);
  const now = context.now();
  let written = 0;
  const bytes = writeExport(log, {
    streams,
    version: ownVersion(),
    now,
    ...(options.from === undefined ? {} : { from: parseTime(options.from, '--from', now) }),
    ...(options.to === undefined ? {} : { to: parseTime(options.to, '--to', now) }),
    onEvents(count) {
      written += count;
      progress.advance(count);
    },
  });
  async function* withProgress(): AsyncGenerator<Buffer> {
    try {
      yield* bytes;
    } finally {
      progress.stop();
    }
  }
  return { bytes: withProgress(), count: () => written };
}

function streamsOf(options: ExportCommand): readonly StreamName[] {
  if (options.facts === true && options.readings !== true) return ['facts'];
  return options.readings === true && options.facts !== true ? ['readings'] : streamNames;
}
