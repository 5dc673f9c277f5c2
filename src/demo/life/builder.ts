import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { checkOut } from '../../release/checkout.ts';
import { openRepository } from '../../release/repository.ts';
import { type Ending, type Part, type Run, partFact, runFact } from './facts.ts';
import { type Office, send } from './office.ts';

const run = promisify(execFile);

/** One program that looks at a file, or all tests, may take so long, ms. */
const longest = 60_000;
/** Files that are looked at at the same time. */
const atOnce = 2;

/** Tells of a part of a run around the work itself, which says by an Error that it failed. */
export async function part(
  office: Office,
  of: Run,
  { work, ...what }: Part & { readonly work: () => Promise<void> },
): Promise<Ending> {
  const { now, signal } = office.company;
  const { artifact, ...begun } = what;
  await send(office, partFact(of, begun, { at: now() }));
  const ended = await endingOf(work, signal);
  const made = ended.outcome === 'success' && artifact !== undefined ? { artifact } : {};
  await send(office, partFact(of, { ...begun, ...made }, { at: now(), ended }));
  return ended;
}

/** Tells of a whole run around its parts: it ends as the first that failed, and the others are left out. */
export async function runThrough(
  office: Office,
  of: Run,
  parts: readonly (() => Promise<Ending>)[],
): Promise<Ending> {
  const { now } = office.company;
  await send(office, runFact(of, 'queued', { at: now() }), runFact(of, 'started', { at: now() }));
  let ended: Ending = { outcome: 'success' };
  for (const one of parts) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    ended = await one();
    if (ended.outcome === 'failure') break;
  }
  await send(office, runFact(of, 'finished', { at: now(), ended }));
  return ended;
}

async function endingOf(work: () => Promise<void>, signal: AbortSignal): Promise<Ending> {
  try {
    await work();
    return { outcome: 'success' };
  } catch (error) {
    signal.throwIfAborted();
    return { outcome: 'failure', reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Looks at a commit before it is merged: its programs can be read by Node, what editors write is JSON,
 * and its own tests pass, where it has some. For real, in a checkout of its own.
 *
 * @param folder the repository's work tree
 */
export async function checkCommit(office: Office, folder: string, of: Run): Promise<Ending> {
  const { signal, places } = office.company;
  const scratch = join(places.home, 'checkouts');
  await mkdir(scratch, { recursive: true });
  const to = await mkdtemp(join(scratch, `${of.id}-`));
  try {
    await checkOut(await openRepository(folder, signal), of.revision.commit, { to, signal });
    const files = await filesIn(to);
    const programs = files.filter((file) => file.endsWith('.js'));
    const suites = programs.filter((file) => file.endsWith('.test.js'));
    const syntax = async (): Promise<void> =>
      forAll(programs, async (file) => readable(to, file, signal));
    const texts = async (): Promise<void> =>
      forAll(
        files.filter((file) => file.endsWith('.json')),
        async (file) => asJson(to, file),
      );
    const tests = async (): Promise<void> => {
      await node(to, ['--test', ...suites], signal);
    };
    return await runThrough(office, of, [
      async () => part(office, of, { kind: 'taskrun', name: 'syntax', work: syntax }),
      async () => part(office, of, { kind: 'taskrun', name: 'texts', work: texts }),
      ...(suites.length === 0
        ? []
        : [async () => part(office, of, { kind: 'testsuiterun', name: 'tests', work: tests })]),
    ]);
  } finally {
    await rm(to, { recursive: true, force: true });
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Throws an Error that names the file and what is wrong with it. */
async function readable(folder: string, file: string, signal: AbortSignal): Promise<void> {
  try {
    await node(folder, ['--check', file], signal);
  } catch (error) {
    throw new Error(`${file}: ${lastLine(error)}`, { cause: error });
  }
}

async function asJson(folder: string, file: string): Promise<void> {
  try {
    JSON.parse(await readFile(join(folder, file), 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${lastLine(error)}`, { cause: error });
  }
}

/** What Node said is wrong: `SyntaxError: …` stands before its own stack. */
function lastLine(error: unknown): string {
  const { stderr = '', message } = error as { stderr?: string; message: string }; // execFile's, or an Error
  return /^\w*Error: .+$/m.exec(stderr)?.[0] ?? message;
}

async function node(cwd: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  await run(process.execPath, args, { cwd, signal, timeout: longest, maxBuffer: 1 << 22 });
}

async function forAll(files: readonly string[], look: (file: string) => Promise<void>) {
  const waiting = files.values();
  const work = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop -- a few at once
    for (const file of waiting) await look(file);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
