import type { Calendar } from '../../server/api/contract-gates.ts';
import { formatDay } from '../kit/format.ts';
import type { Zone } from '../kit/preferences.ts';

export type Entry = Calendar['entries'][number];

/** One day of the calendar: what begins in it, and what goes on from before. */
export interface Day {
  /** 2026-11-23 */
  readonly day: string;
  /** Its first moment that is shown, ms since the epoch. */
  readonly from: number;
  readonly entries: readonly Entry[];
}

const dayMs = 86_400_000;

/**
 * Days in the reader's zone, in order, those with nothing in them left out. What lasts longer stands
 * in the day in which it begins, or in the first one.
 */
export function daysOf({ entries, from }: Calendar, zone: Zone): readonly Day[] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = formatDay(Math.max(entry.from, from), zone);
    const those = days.get(day);
    if (those) those.push(entry);
    else days.set(day, [entry]);
  }
  return [...days]
    .map(([day, those]) => ({
      day,
      from: Math.max(those[0]?.from ?? from, from),
      entries: those,
    }))
    .toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

/** What is asked for: from yesterday on, for two weeks; to the hour, so that it is asked once. */
export function rangeAround(now: number): { readonly from: number; readonly to: number } {
  const hour = Math.floor(now / 3_600_000) * 3_600_000;
  return { from: hour - dayMs, to: hour + 14 * dayMs };
}

/** A kind by its mark and word. */
export const kindMarks: Readonly<Record<Entry['kind'], readonly [mark: string, word: string]>> = {
  allow: ['ok', 'window'],
  deny: ['warning', 'no deploys'],
  freeze: ['critical', 'freeze'],
  lock: ['warning', 'lock'],
  block: ['warning', 'post-it'],
  deploy: ['deploy', 'deploy'],
  reserved: ['reserved', 'reserved'],
  queued: ['queued', 'queued'],
};
