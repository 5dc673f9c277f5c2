import type { Standing } from '../fold.ts';
import { type Found, type Known, isTold } from '../runs.ts';
import { type Watched, freshOf, isFresh } from './looks.ts';
import { type Entry, entriesOf } from './serving.ts';

/** Short for a channel of evidence; T is what was told. */
export type Letter = 'S' | 'F' | 'O' | 'D' | 'M' | 'C' | 'B';

export const letters: readonly Letter[] = ['S', 'O', 'D', 'F', 'M', 'C', 'B'];

/** What one view says of one channel: it agrees with what was told, differs, or is silent. */
export type Word = 'agrees' | 'differs' | 'silent';

/**
 * The channels that bear the told version out: at least one fresh view agrees, and none differs.
 * Telemetry is an instance's own word: S.
 */
export function agreeing(
  { watched = [], now }: Known,
  standing: Standing | undefined,
  found: Found,
): Letter[] {
  if (!standing || standing.deploy.state === 'removed') return [];
  const same = (version: string): boolean => isTold(standing, version);
  if (found.kind === 'runs' && found.by === 'telemetry')
    return found.runs.every(({ version }) => same(version)) ? ['S'] : [];
  const fresh = watched.filter((one) => isFresh(one, now));
  return letters.filter((letter) => {
    const words = fresh.map((one) => wordOf(letter, one, { now, same }));
    return words.includes('agrees') && !words.includes('differs');
  });
}

interface Against {
  readonly now: number;
  /** Whether a version is the told one. */
  readonly same: (version: string) => boolean;
}

/** What one view says of one channel. */
export function wordOf(letter: Letter, watched: Watched, against: Against): Word {
  return readers[letter](watched, against);
}

const readers: Readonly<Record<Letter, (watched: Watched, against: Against) => Word>> = {
  S: (watched, { now, same }) => byVersions(selfVersions(servingOf(watched, now)), same),
  O: (watched, { now, same }) => byVersions(osVersions(servingOf(watched, now)), same),
  F: ({ channels, every }, { now, same }) =>
    byVersions(Object.keys(freshOf(channels.front, every, now)?.shares ?? {}), same),
  B: ({ channels, every }, { now, same }) => {
    const servers = freshOf(channels.balancer, every, now) ?? [];
    const ready = servers.filter(({ admin }) => admin === 'ready');
    return byVersions(
      ready.flatMap(({ version }) => version ?? []),
      same,
    );
  },
  D: ({ channels, every }, { now, same }) =>
    byFaults(
      freshOf(channels.disk, every, now)?.filter(({ version }) => same(version)),
      ({ changed, missing, gone }) => gone === true || changed.length + missing.length > 0,
      ({ left = 0 }) => left > 0,
    ),
  M: ({ channels, every }, { now }) =>
    byFaults(freshOf(channels.schema, every, now), ({ drift }) => drift.length > 0),
  C: ({ channels, every }, { now }) =>
    byFaults(freshOf(channels.config, every, now), ({ running }) => running === null),
};

const servingOf = (watched: Watched, now: number): Entry[] =>
  entriesOf(watched, now)?.filter(({ serves }) => serves) ?? [];

const selfVersions = (serving: readonly Entry[]): string[] =>
  serving.flatMap(({ self }) => self?.version ?? []);

const osVersions = (serving: readonly Entry[]): string[] =>
  serving.flatMap(({ os }) => os.flatMap(({ version }) => version ?? []));

function byVersions(versions: readonly string[], same: (version: string) => boolean): Word {
  if (versions.length === 0) return 'silent';
  return versions.every(same) ? 'agrees' : 'differs';
}

function byFaults<T>(
  found: readonly T[] | null | undefined,
  isWrong: (one: T) => boolean,
  isOpen: (one: T) => boolean = () => false,
): Word {
  if (!found || found.length === 0) return 'silent';
  if (found.some(isWrong)) return 'differs';
  return found.some(isOpen) ? 'silent' : 'agrees';
}
