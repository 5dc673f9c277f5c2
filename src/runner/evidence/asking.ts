import type { Delivery } from '../../rooms/releases/artefact/delivery.ts';
import type { FrontSeen, SelfSeen } from '../../rooms/where/evidence/evidence.ts';
import { askVersion, type VersionAnswer, versionPath } from './ask-version.ts';

/** One port on which somebody is asked. */
export interface Asked {
  readonly slot: string;
  readonly port: number;
  readonly health: Delivery['health'] | undefined;
  /** Nobody is expected there: silence is no news. */
  readonly optional: boolean;
}

/** A single answer takes no longer, ms. */
const answerMs = 2_000;
/** Requests of one look through the front, and how many at once. */
const samples = 20;
const atOnce = 4;

/** S: asks each port for its version. */
export async function askInstances(
  ports: readonly Asked[],
  signal: AbortSignal,
): Promise<SelfSeen[]> {
  const seen = await Promise.all(
    ports.map(async ({ slot, port, health, optional }): Promise<SelfSeen | undefined> => {
      const { version = null, error = null } = await askPort(port, health, signal);
      if (optional && version === null) return undefined;
      return { slot, port, version, error };
    }),
  );
  return seen.filter((one) => one !== undefined);
}

async function askPort(
  port: number,
  health: Delivery['health'] | undefined,
  signal: AbortSignal,
): Promise<VersionAnswer> {
  const way = wayOf(health);
  if (!way) return { error: 'its manifest says no path of its version (health: version)' };
  const ask = (host: string): Promise<VersionAnswer> =>
    askVersion(
      new URL(way.path, `http://${host}:${port}`),
      way.member,
      AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
    );
  const answer = await ask('127.0.0.1');
  return answer.error === 'nobody listens' ? ask('[::1]') : answer;
}

/** Without a path of the version any answer may say it by its header. */
function wayOf(health: Delivery['health'] | undefined) {
  if (typeof health?.version === 'string') return versionPath(health.version);
  return typeof health?.ready === 'string' ? { path: health.ready, member: null } : undefined;
}

/** F: asks the front again and again, and counts which versions answer. */
export async function sampleFront(
  front: string,
  health: Delivery['health'] | undefined,
  signal: AbortSignal,
): Promise<FrontSeen> {
  const way = wayOf(health) ?? { path: '/', member: null };
  const url = new URL(front.replace(/\/+$/, '') + way.path);
  const counts = new Map<string, number>();
  let [asked, errors] = [0, 0];
  let last = '';
  const worker = async (): Promise<void> => {
    while (asked < samples && !signal.aborted) {
      asked++;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
      // oxlint-disable-next-line no-await-in-loop -- a few at once, not all
      const { version, error } = await askVersion(url, way.member, limit);
      if (version !== undefined) counts.set(version, (counts.get(version) ?? 0) + 1);
      else errors++;
      last = error ?? last;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const told = asked - errors;
  if (told === 0) throw new Error(`of ${asked} requests none told a version: ${last}`);
  const shares = Object.fromEntries([...counts].map(([version, count]) => [version, count / told]));
  return { samples: told, shares, errors };
}
