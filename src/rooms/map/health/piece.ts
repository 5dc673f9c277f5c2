import type { Evidence, HealthState, Signal } from '../health.ts';

/** A check or metric without a ttl of its own is stale after this, ms, unless its node says otherwise. */
export const defaultFreshFor = 5 * 60_000;

/** A piece of evidence on its way to being counted. */
export interface Piece {
  readonly evidence: Evidence;
  /** Whether it has a part in what is observed: what is stale or says nothing has not. */
  readonly counts: boolean;
  /** The instance that it speaks of, where it speaks of one. */
  readonly instance?: string;
  /** When it says something else without a new signal, ms. */
  readonly until?: number;
}

/** How long a signal speaks for, ms. */
export function lifeOf({ ttl }: Signal, freshFor: number | undefined): number {
  return ttl === undefined ? (freshFor ?? defaultFreshFor) : ttl * 1_000;
}

/** Which instance of several: a host or process, when it says. */
export const instanceOf = ({ attributes, host }: Signal): string | undefined =>
  attributes?.['service.instance.id'] ?? host;

interface Said {
  readonly state: HealthState;
  readonly text: string;
  readonly stale?: boolean;
  readonly until?: number | undefined;
}

/** A piece of what a signal says. */
export function pieceOf(signal: Signal, said: Said): Piece {
  const { kind, name, time, stream, offset } = signal;
  const { state, text, stale = false, until } = said;
  const instance = instanceOf(signal);
  const evidence = { kind, state, name: name ?? kind, text, time, stale, stream, offset };
  return {
    evidence,
    counts: !stale && state !== 'no-evidence',
    ...(instance !== undefined && { instance }),
    ...(until !== undefined && { until }),
  };
}

/** A piece that speaks for as long as it is fresh, and is only listed from then on. */
export function agingPiece(
  signal: Signal,
  said: Pick<Said, 'state' | 'text'>,
  { now, life }: { readonly now: number; readonly life: number },
): Piece {
  const until = signal.time + life;
  if (now < until) return pieceOf(signal, { ...said, until });
  return pieceOf(signal, {
    ...said,
    text: `${said.text} (more than ${spanText(life)} ago)`,
    stale: true,
  });
}

/** A span as people say it, to the largest unit that leaves it exact to a tenth: `5 min`, `1.5 h`. */
export function spanText(ms: number): string {
  const [size, unit] = spans.find(([least]) => ms >= least) ?? ([1, 'ms'] as const);
  return `${Math.round((ms / size) * 10) / 10} ${unit}`;
}

const spans = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** A number as people read it: at most four digits that count, none of an integer is left out. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(4)));
}
