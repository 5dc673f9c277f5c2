import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance that a seed decides: the same calls give the same answers. */
export interface Chance {
  /** From 0 to 1, without 1. */
  readonly part: () => number;
  /** A whole number from `least` to `most`, both included. */
  readonly whole: (least: number, most: number) => number;
  readonly one: <T>(of: readonly T[]) => T;
  /** True with this probability. */
  readonly happens: (probability: number) => boolean;
  /** Waiting time until the next of what comes `perSecond` by chance (a Poisson process), s. */
  readonly gap: (perSecond: number) => number;
}

/**
 * @param seed of the whole company
 * @param purpose so that one kind of thing can change without all others coming out differently
 */
export function chanceOf(seed: number, purpose: string): Chance {
  let mixed = seed | 0;
  for (const character of purpose)
    mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 0x01000193); // FNV-1a
  const generator = xoroshiro128plus(mixed);
  const part = (): number => uniformFloat64(generator);
  return {
    part,
    whole: (least, most) => uniformInt(generator, least, most),
    one: <T>(of: readonly T[]) => of[uniformInt(generator, 0, of.length - 1)] as T, // within the list
    happens: (probability) => part() < probability,
    gap: (perSecond) => -Math.log(1 - part()) / perSecond,
  };
}
