import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeBack } from './back.ts';
import { finish, goForward, settle, wordsOf } from './deploy.ts';
import { type Ending, readEnding, runsOf } from './folder.ts';
import { type Gone, goneSoFar } from './part.ts';
import { waitServing } from './serving.ts';
import { type Target, prepare } from './target.ts';
import type { Work } from './work.ts';

/**
 * Brings a deploy to its end whose process was killed: by its journal it goes back to the old
 * version or, when the switch was done and the new one is good, leaves that. It never becomes a
 * success, for nobody watched it. Throws only when it is stopped.
 */
export async function recover(work: Work): Promise<Ending> {
  const { say, folder, order } = work;
  const ended = readEnding(folder);
  const killed = whyKilled(work);
  say(`${killed}; it is brought to its end`);
  const gone = goneSoFar(work.journal);
  if (gone === undefined) {
    if (ended) return ended;
    work.progress.failed(killed);
    return finish(work, undefined, await takeBack(work, undefined, before(killed)));
  }
  let target: Target;
  try {
    target = await prepare(work, order, work.stop);
  } catch (error) {
    work.stop.throwIfAborted();
    const reason = `${killed}, and it can not be brought to its end: ${wordsOf(error)}`;
    return ended ?? finish(work, undefined, { result: 'lost', reason: reason.slice(0, 2000) });
  }
  if (ended) {
    // Its end had been written already, and only tidying was left.
    if (ended.result === 'succeeded') await settle(work, target, gone.way);
    return ended;
  }
  return end(work, { target, gone, killed });
}

const before = (killed: string): { reason: string; result: 'failed' } => ({
  reason: `${killed} before anything of what runs was changed`,
  result: 'failed',
});

async function end(
  work: Work,
  {
    target,
    gone,
    killed,
  }: { readonly target: Target; readonly gone: Gone; readonly killed: string },
): Promise<Ending> {
  const { say, progress } = work;
  const stage = progress.stage;
  if (gone.switched && gone.back === undefined) {
    try {
      const { version, delivery } = target;
      if (!gone.finished) await goForward(work, target, { way: gone.way, signal: work.stop });
      await waitServing(work, { version, health: delivery.health });
      const reason = `${killed} after the switch: ${version} serves and is good, but was not watched to the end`;
      progress.failed(reason);
      const ending = { result: 'failed', reason, serves: version } as const;
      return await finish(work, target, { ...ending, ...(stage === undefined ? {} : { stage }) });
    } catch (error) {
      work.stop.throwIfAborted();
      say(`${target.version} is not good after the switch: ${wordsOf(error)}`);
    }
  }
  const why = gone.back?.why ?? '';
  const reason = why === '' || why === 'rehearsal' ? killed : `${why}; then ${killed}`;
  progress.failed(reason);
  return finish(work, undefined, await takeBack(work, target, { reason, result: 'failed' }));
}

/** What became of the process before: its job says so when it took or was silent for too long. */
function whyKilled({ folder, order }: Work): string {
  const last = runsOf(folder).at(-2);
  const stopped = last === undefined ? '' : textOf(join(last, 'stopped')).trim();
  if (stopped === 'total') return `it took longer than ${order.limits.total} s and was stopped`;
  if (stopped === 'silence') return `it said nothing for ${order.limits.silence} s and was stopped`;
  return 'the process of the deploy was killed';
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
