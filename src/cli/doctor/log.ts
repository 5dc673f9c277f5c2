import { constants, accessSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../errors/coded-error.ts';
import { decodeBatch } from '../../event/codec.ts';
import { type StreamName, streamNames } from '../../event/event.ts';
import { openLmdbLog } from '../../log/lmdb/lmdb-log.ts';
import { identityOf } from '../../log/lmdb/process-identity.ts';
import type { Log } from '../../log/log.ts';
import { historyIn, logIn } from '../data-directory.ts';
import { plural, showTime } from '../words.ts';
import { type Finding, ok, reasonOf, warning, wrong } from './finding.ts';

/** How many places of each stream are read, spread over its length. */
const places = 20;

/** Who writes the log, its format, and whether what is read here and there is whole. */
export async function checkLog(data: string): Promise<Finding[]> {
  const dir = logIn(data);
  if (!existsSync(join(dir, 'data.mdb')))
    return existsSync(data) ? [ok('log', 'there is none yet; the first start makes it')] : [];
  const findings = [...checkHolder(dir), ...checkQuarantine(dir)];
  let log: Log;
  try {
    log = await openLmdbLog({ dir, role: 'reader', now: Date.now });
  } catch (error) {
    return [...findings, wrong('log', reasonOf(error), remedyOf(error))];
  }
  try {
    for (const stream of streamNames) findings.push(await checkStream(log, stream));
  } finally {
    await log.close();
  }
  return findings;
}

function remedyOf(error: unknown): string {
  if (!(error instanceof CodedError)) return 'restore the data directory from a backup';
  if (error.code === 'TERR_LOG_VERSION') return 'run the version that wrote it, or a newer one';
  if (error.code === 'TERR_LOG_ABSENT')
    return 'start the server once: it finishes what a crash left';
  return `look up ${error.code} in docs/errors.md`;
}

/** The lock file names the process; it may be dead. */
function checkHolder(dir: string): Finding[] {
  const path = join(dir, 'writer.lock');
  if (!existsSync(path)) return [ok('log', 'no process writes it now')];
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Record<string, unknown>>;
    const pid = Number(holder['pid']);
    const running = identityOf(pid);
    const here = identityOf(process.pid);
    if (holder['namespace'] !== here?.namespace || holder['boot'] !== here?.boot)
      return [ok('log', `process ${pid} of another container or an earlier boot wrote it`)];
    return running?.started === holder['started']
      ? [ok('log', `process ${pid} writes it`)]
      : [ok('log', `process ${pid} wrote it and was killed; the next start takes over`)];
  } catch (error) {
    return [
      warning(
        'log',
        `${path} can not be read: ${reasonOf(error)}`,
        'a start replaces it; if it does not, remove it while no server runs',
      ),
    ];
  }
}

function checkQuarantine(dir: string): Finding[] {
  const files = readdirSync(dir).filter((name) => name.startsWith('quarantine-'));
  if (files.length === 0) return [];
  return [
    warning(
      'log',
      `damaged records were cut off the end of the log: ${files.join(', ')}`,
      'check the disk (smartctl); keep the files if what was in them matters, else remove them',
    ),
  ];
}

async function checkStream(log: Log, stream: StreamName): Promise<Finding> {
  const { first, next, oldest } = log.stat(stream);
  const held = next - first;
  if (held === 0) return ok('log', `${stream}: empty`);
  try {
    for (const offset of spread(first, next)) await checkAt(log, stream, offset);
  } catch (error) {
    return wrong(
      'log',
      `${stream}: ${reasonOf(error)}`,
      'check the disk; restore a backup, or go on: readers leave the damaged record out',
    );
  }
  const since = oldest === undefined ? '' : ` since ${showTime(oldest)}`;
  return ok(
    'log',
    `${stream}: ${plural(held, 'event')}${since}; ${Math.min(places, held)} places read, all whole`,
  );
}

/** The first, the last, and some between. */
function spread(first: number, next: number): number[] {
  const count = Math.min(places, next - first);
  const step = count === 1 ? 0 : (next - 1 - first) / (count - 1);
  return Array.from({ length: count }, (_, index) => Math.round(first + step * index));
}

async function checkAt(log: Log, stream: StreamName, offset: number): Promise<void> {
  for await (const batch of log.read(stream, offset)) {
    decodeBatch(batch);
    if (batch.first === offset) return;
    break;
  }
  throw new Error(`the event at offset ${offset} is missing`);
}

/** The engine's files can be used; whether they are whole only the engine can tell. */
export function checkHistory(data: string): Finding[] {
  const dir = historyIn(data);
  if (!existsSync(dir)) return [];
  try {
    accessSync(dir, constants.R_OK | constants.W_OK);
    return [ok('history', dir)];
  } catch (error) {
    return [
      wrong(
        'history',
        reasonOf(error),
        `make ${dir} readable and writable for the server, or remove it: it is made from the log again`,
      ),
    ];
  }
}
