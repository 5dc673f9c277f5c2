import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRelease } from '../../rooms/releases/artefact/canonical.ts';
import type { Delivery } from '../../rooms/releases/artefact/delivery.ts';
import type { Result } from '../../rooms/deploys/deploy.ts';
import { runnerErrors } from '../errors.ts';
import type { Ending } from './folder.ts';
import { groundOf } from './going.ts';
import { type Gone, type Way, goneSoFar, noteWay } from './part.ts';
import { servingOf, standing, waitServing } from './serving.ts';
import type { Target } from './target.ts';
import type { Work } from './work.ts';

/**
 * Goes a way back and looks whether the old version serves. Gives that version; null when nothing
 * stood there before. Throws when it could not, or when the old version is not good.
 */
export async function goBack(
  work: Work,
  { target, way, why }: { readonly target: Target; readonly way: Way; readonly why: string },
): Promise<string | null> {
  const { journal, parts, say } = work;
  await noteWay(journal, { way, to: 'back', mark: 'doing', why });
  say('going back to the old version');
  const strategy = parts.strategy(target.delivery.strategy.kind);
  await strategy.back(groundOf(work, { target, part: way, signal: work.stop }));
  const version = await oldServes(work, target);
  await noteWay(journal, { way, to: 'back', mark: 'done', why });
  say(version === null ? 'nothing stands there, as before' : `${version} serves, and is good`);
  return version;
}

async function oldServes(work: Work, target: Target): Promise<string | null> {
  const up = await servingOf(work);
  const [first, ...others] = new Map(up.map(({ wish }) => [wish.version, wish])).values();
  if (others.length > 0)
    throw runnerErrors('NOWAY', `${first?.version} and ${others[0]?.version} both serve`);
  if (first === undefined) {
    const was = work.order.previous?.version;
    if (was === undefined) return null;
    throw runnerErrors('NOWAY', `nobody is sent to an instance of ${was}`);
  }
  const health = (await healthBeside(first.folder)) ?? target.delivery.health;
  await waitServing(work, { version: first.version, health });
  return first.version;
}

/** Each version is asked by its own paths. */
async function healthBeside(files: string): Promise<Delivery['health'] | undefined> {
  const text = await readFile(join(files, '..', 'release.json'), 'utf8').catch(() => '');
  return readRelease(text).release?.delivery?.health;
}

/**
 * Takes back what was begun, as far as anything was, and says how the deploy ended by that. `result`
 * is what it is when customers never saw the new version.
 */
export async function takeBack(
  work: Work,
  target: Target | undefined,
  { reason, result }: { readonly reason: string; readonly result: 'failed' | 'cancelled' },
): Promise<Ending> {
  const stage = work.progress.stage;
  const gone = goneSoFar(work.journal);
  const ended = { reason: reason.slice(0, 2000), ...(stage === undefined ? {} : { stage }) };
  if (gone === undefined || target === undefined) return { ...ended, result };
  // Of a rehearsal that had gone back already.
  if (gone.back?.done === true)
    return { ...ended, result, serves: work.order.previous?.version ?? null };
  try {
    const serves = await goBack(work, { target, way: gone.way, why: reason });
    return { ...ended, result: resultOf(result, gone), serves };
  } catch (error) {
    work.stop.throwIfAborted();
    const words = error instanceof Error ? error.message : String(error);
    work.say(`the way back failed: ${words}`);
    const both = `${reason}; and the way back failed: ${words}`.slice(0, 2000);
    return { ...ended, ...(await whatIsLeft(work, target, both)) };
  }
}

const resultOf = (result: 'failed' | 'cancelled', { switched }: Gone): Result =>
  result === 'failed' && switched ? 'rolled-back' : result;

/** How it ended when there was no way back: lost, unless it is clear what serves. */
async function whatIsLeft(work: Work, target: Target, reason: string): Promise<Ending> {
  const found = await standing(work, target.delivery.health);
  if (found.kind === 'one') return { result: 'failed', reason, serves: found.version };
  if (found.kind === 'none') return { result: 'failed', reason, serves: null };
  return { result: 'lost', reason: `${reason}; what serves is not clear: ${found.why}` };
}
