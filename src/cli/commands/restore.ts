import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import type { Command } from 'commander';
import type { Batch } from '../../event/batch.ts';
import type { Config } from '../../server/config/schema.ts';
import { mergeInto } from '../backup/merge.ts';
import { readExportFile } from '../backup/source.ts';
import { declare } from '../command.ts';
import {
  type ConfigOptions,
  addSomeConfigOptions,
  configFrom,
  requireConfig,
} from '../config-options.ts';
import type { Context } from '../context.ts';
import { historyIn, logIn } from '../data-directory.ts';
import { cliErrors } from '../errors.ts';
import { showProgress } from '../progress.ts';
import { plural } from '../words.ts';

type RestoreCommand = ConfigOptions & {
  readonly check?: boolean;
  readonly merge?: boolean;
  readonly json?: boolean;
};

interface Restoring {
  readonly file: string;
  readonly config: Config;
  readonly context: Context;
}

/** Adds `territory restore`. */
export function addRestore(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'restore <file>',
    summary: 'Bring the events of an export back into a data directory.',
    description:
      'The file is checked before anything is written. Events get the offsets, ids and times of ' +
      'receipt that they had. No server may run on the directory. See ' +
      'docs/guides/backup-and-restore.md.',
    examples: [
      ['territory restore backup.ndjson.gz --check', 'see whether a backup is whole'],
      [
        'territory restore backup.ndjson.gz --data /var/lib/territory',
        'into a directory without a log',
      ],
      [
        'territory restore backup.ndjson.gz --merge',
        'add what is missing to a log that has events',
      ],
    ],
  });
  addSomeConfigOptions(command, ['data'])
    .option('--check', 'only read the file and say whether it is whole')
    .option('--merge', 'append the events that the log does not know by their identity')
    .option('--json', 'print the counts as one JSON document')
    .action(async (file: string, options: RestoreCommand) => {
      const config = requireConfig(configFrom(options, context));
      const counts = await restore({ file, config, context }, options);
      await context.terminal.print(
        options.json === true ? `${JSON.stringify(counts)}\n` : `${inWords(counts)}\n`,
      );
    });
}

type Counts = Readonly<Record<string, number>>;

const inWords = (counts: Counts): string =>
  Object.entries(counts)
    .map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
    .join(', ');

async function restore(restoring: Restoring, options: RestoreCommand): Promise<Counts> {
  const { config, context } = restoring;
  const dir = logIn(config.data);
  if (options.check !== true && options.merge !== true) requireEmpty(config.data);
  const whole = await check(restoring);
  if (options.check === true) return whole;
  const batches = withProgress(restoring, whole.facts + whole.readings);
  if (options.merge === true) return merge(restoring, batches);
  // The log has its name only once it is whole: a restore that was cut off can not be served.
  const aside = `${dir}.restoring`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const { restoreLog } = await import('../../log/lmdb/restore.ts');
  const restored = await restoreLog(
    {
      dir: aside,
      now: context.now,
      compression: config.log.compression ? 'lz4' : 'none',
      mapBytes: 2 ** 40,
    },
    batches,
  );
  if (restored.facts !== whole.facts || restored.readings !== whole.readings)
    throw cliErrors('EXPORT_FILE', 'the file changed while it was read; try again');
  renameSync(aside, dir);
  return restored;
}

/** History of another log must not be there either: it would be taken for this one's. */
function requireEmpty(data: string): void {
  const found = [logIn(data), historyIn(data)].find(
    (dir) => existsSync(dir) && readdirSync(dir).length > 0,
  );
  if (found !== undefined)
    throw cliErrors(
      'RESTORE_TARGET',
      `there is something in ${found}; give a new --data, or --merge to add what is missing`,
      { field: '--data' },
    );
}

/** Reads all of the file, so that a damaged one is known before anything is written. */
async function check({ file, context }: Restoring): Promise<{ facts: number; readings: number }> {
  const counts = { facts: 0, readings: 0 };
  const progress = showProgress(context.terminal, 'events checked');
  try {
    for await (const { stream, count } of readExportFile(file, context.signal)) {
      counts[stream] += count;
      progress.advance(count);
    }
  } finally {
    progress.stop();
  }
  return counts;
}

async function* withProgress({ file, context }: Restoring, total: number): AsyncGenerator<Batch> {
  const progress = showProgress(context.terminal, 'events', total);
  try {
    for await (const batch of readExportFile(file, context.signal)) {
      yield batch;
      progress.advance(batch.count);
    }
  } finally {
    progress.stop();
  }
}

async function merge(
  { config, context }: Restoring,
  batches: AsyncIterable<Batch>,
): Promise<Counts> {
  const { identityWindow, identityWindowFacts, compression, reserve } = config.log;
  const { openLmdbLog } = await import('../../log/lmdb/lmdb-log.ts');
  const log = await openLmdbLog({
    dir: logIn(config.data),
    role: 'writer',
    now: context.now,
    compression: compression ? 'lz4' : 'none',
    identities: { facts: identityWindowFacts, readings: identityWindow },
    reserveBytes: reserve,
    onProblem: context.terminal.say,
  });
  try {
    const { added, known } = await mergeInto(log, batches);
    context.terminal.detail(`${plural(known, 'event')} known by identity`);
    return { added, known };
  } finally {
    await log.close();
  }
}
