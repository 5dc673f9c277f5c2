import type { Architecture } from '../../server/api/contract-demo.ts';

/** What became of clips that were taken in. `unseen`: nobody can tell from outside. */
export type Fate = 'done' | 'dead' | 'inProgress' | 'waiting' | 'lost' | 'unseen';

/** Where all the clips are that an architecture took in. */
export interface Balance {
  /** null: nobody can tell how many. */
  readonly imported: number | null;
  /** In this order, without those that are 0. */
  readonly shares: readonly { readonly fate: Fate; readonly count: number }[];
  /** By how many there are more: lost before they came in, done twice, or counted a moment apart. */
  readonly excess: number;
}

const known = ['done', 'dead', 'inProgress', 'waiting', 'lost'] as const;

/**
 * Clips taken in = done + dead + in progress + waiting + lost; what is missing in that sum can't be
 * seen. Undefined where nothing is known at all.
 */
export function balanceOf(of: Architecture): Balance | undefined {
  const { imported } = of;
  if (imported === null && known.every((fate) => (of[fate] ?? null) === null)) return undefined;
  const counts = known.map((fate) => ({ fate, count: of[fate] ?? 0 }));
  const sum = counts.reduce((all, { count }) => all + count, 0);
  const missing = imported === null ? 0 : imported - sum;
  const unseen = { fate: 'unseen' as const, count: Math.max(0, missing) };
  return {
    imported,
    shares: [...counts, unseen].filter(({ count }) => count > 0),
    excess: Math.max(0, -missing),
  };
}

/** What can be said of a kill: by state and words of a `StateMark`. */
export interface Verdict {
  readonly state: 'ok' | 'warning' | 'critical' | 'unknown' | 'none';
  /** A few words beside the mark. */
  readonly word: string;
  /** The rest of the sentence. */
  readonly more?: string;
}

/** What was lost until now. */
export function lostVerdict({ lost, twice }: Architecture): Verdict {
  const doubled = twice === null || twice === 0 ? {} : { more: `${clips(twice)} came out twice` };
  if (lost === null) return { state: 'unknown', word: 'nobody can tell', ...doubled };
  if (lost > 0) return { state: 'critical', word: `${clips(lost)}, for good`, ...doubled };
  return { state: twice ? 'warning' : 'ok', word: 'nothing', ...doubled };
}

/** How it came back from being killed. */
export function recoveredVerdict({ restarts, lost }: Architecture): Verdict {
  if (restarts === null) return { state: 'unknown', word: 'nobody can tell' };
  if (restarts === 0) return { state: 'none', word: 'it was not killed yet' };
  const again =
    restarts === 1 ? 'It was started again once' : `It was started again ${restarts} times`;
  if (lost === null) return { state: 'unknown', word: 'nobody can tell', more: `${again}.` };
  return lost > 0
    ? { state: 'warning', word: 'new clips only', more: `${again}, with an empty memory.` }
    : { state: 'ok', word: 'everything', more: `${again}, and went on where it was.` };
}

const clips = (count: number): string => `${count} clip${count === 1 ? '' : 's'}`;
