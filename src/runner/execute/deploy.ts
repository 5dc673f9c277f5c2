import { runnerErrors } from '../errors.ts';
import { goBack, takeBack } from './back.ts';
import { type Ending, putJson } from './folder.ts';
import { groundOf } from './going.ts';
import { ownPart } from './journal.ts';
import { migrate } from './migrate.ts';
import { type Way, noteWay } from './part.ts';
import { type Target, prepare } from './target.ts';
import { watch } from './watch.ts';
import { Cancelled, type Work } from './work.ts';

/**
 * Carries out a deploy, a rollback or a rehearsal to its end, which it writes down. What fails or is
 * cancelled after anything was changed is taken back. Throws only when it is stopped, and when not
 * even its end can be written.
 */
export async function carryOut(work: Work): Promise<Ending> {
  const signal = AbortSignal.any([work.stop, work.cancel]);
  let target: Target | undefined;
  try {
    target = await getReady(work, signal);
    const backSeconds = await go(work, target, signal);
    work.progress.done();
    const { version } = target;
    const ending: Ending = {
      result: 'succeeded',
      stage: 'watching',
      serves: version,
      ...(backSeconds === undefined ? {} : { backSeconds }),
    };
    return await finish(work, target, ending);
  } catch (error) {
    // Whoever stops us wants nothing touched any more.
    work.stop.throwIfAborted();
    return finish(work, undefined, await fail(work, target, error));
  }
}

async function fail(work: Work, target: Target | undefined, error: unknown): Promise<Ending> {
  const isCancelled = work.cancel.aborted;
  const reason = wordsOf(isCancelled ? work.cancel.reason : error);
  work.say(isCancelled ? `cancelled: ${reason}` : `failed: ${reason}`);
  work.progress.failed(reason);
  return takeBack(work, target, { reason, result: isCancelled ? 'cancelled' : 'failed' });
}

/** Writes down how it ended, and then tidies up; that it could not is no failure of the deploy. */
export async function finish(
  work: Work,
  target: Target | undefined,
  ending: Ending,
): Promise<Ending> {
  putJson(work.folder, 'end.json', ending);
  work.say(`${ending.result}${ending.reason === undefined ? '' : `: ${ending.reason}`}`);
  if (target) await settle(work, target);
  return ending;
}

/** Lets go of what was kept for the way back, as the manifest says. */
export async function settle(work: Work, target: Target, way: Way = wayOf(work)): Promise<void> {
  const { parts, say, stop } = work;
  try {
    const strategy = parts.strategy(target.delivery.strategy.kind);
    await strategy.settled(groundOf(work, { target, part: way, signal: stop }));
  } catch (error) {
    say(`what is old could not be tidied away: ${wordsOf(error)}`);
  }
}

const wayOf = ({ order }: Work): Way => (order.kind === 'rehearsal' ? 'again' : 'forward');

async function getReady(work: Work, signal: AbortSignal): Promise<Target> {
  const { order, progress, say, parts } = work;
  const { app, version, digest, environment, kind, by, previous } = order;
  progress.begin('starting');
  say(`${kind} of ${app} ${version} to ${environment}, asked for by ${by}`);
  say(previous === null ? 'nothing is known to stand there' : `${previous.version} stands there`);
  await work.journal.part(ownPart).write({ step: 'begin', mark: 'done' });
  signal.throwIfAborted();
  progress.begin('fetching');
  const target = await prepare(work, { version, digest }, signal);
  progress.begin('verifying-artefact');
  await parts.verify(app, digest);
  say(`${target.release.files.length} files are what was built: ${digest}`);
  signal.throwIfAborted();
  if (kind === 'rollback') progress.skip('migrating', 'a rollback leaves databases as they are');
  else await migrate(work, target, signal);
  return target;
}

async function go(work: Work, target: Target, signal: AbortSignal): Promise<number | undefined> {
  if (work.order.kind !== 'rehearsal') {
    await goForward(work, target, { way: 'forward', signal });
    await watch(work, target, signal);
    return undefined;
  }
  const seconds = await rehearse(work, target, signal);
  await watch(work, target, signal);
  return seconds;
}

/** Forward, back to what stood there, and forward again. Gives the seconds that going back took. */
async function rehearse(work: Work, target: Target, signal: AbortSignal): Promise<number> {
  const { order, say } = work;
  if (order.previous === null || order.previous.version === target.version)
    throw runnerErrors(
      'NOWAY',
      `going back from ${target.version} can not be rehearsed: no other version stands there`,
    );
  await goForward(work, target, { way: 'forward', signal });
  const start = performance.now();
  const back = await goBack(work, { target, way: 'forward', why: 'rehearsal' });
  const seconds = Math.round(performance.now() - start) / 1000;
  say(`rehearsed: going back to ${back} took ${seconds} s`);
  await goForward(work, target, { way: 'again', signal });
  return seconds;
}

/** One way forward; on a way that was begun before it goes on from where that stopped. */
export async function goForward(
  work: Work,
  target: Target,
  { way, signal }: { readonly way: Way; readonly signal: AbortSignal },
): Promise<void> {
  const { journal, parts } = work;
  signal.throwIfAborted();
  await noteWay(journal, { way, to: 'forward', mark: 'doing' });
  const strategy = parts.strategy(target.delivery.strategy.kind);
  await strategy.forward(groundOf(work, { target, part: way, signal }));
  await noteWay(journal, { way, to: 'forward', mark: 'done' });
}

/** What an error says, for people. */
export function wordsOf(error: unknown): string {
  if (error instanceof Cancelled) return error.message;
  return error instanceof Error ? error.message : String(error);
}
