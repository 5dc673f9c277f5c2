import type { Binder } from '../bind/binder.ts';
import type { HealthById } from '../health.ts';
import type { MapModel } from '../model.ts';
import type { MapProblem, Seen, SeenCall } from '../seen.ts';
import type { NeedEffect } from './effects.ts';

/** What is looked at for problems. Times are ms since the epoch, UTC. */
export interface Situation {
  readonly model: MapModel;
  readonly binder: Binder;
  readonly seen: readonly Seen[];
  readonly calls: readonly SeenCall[];
  readonly health: HealthById;
  /** When a node, or a process by its key, was declared first; of others nothing is missed yet. */
  readonly declaredAt: ReadonlyMap<string, number>;
  readonly now: number;
  /** There was more to see than there was room for: what is missing may have been there. */
  readonly overflowed?: boolean;
  /** Problems that were found before, by id: they keep the time since when they are there. */
  readonly open?: ReadonlyMap<string, MapProblem>;
  /** What came of needs that were down. */
  readonly effects?: readonly NeedEffect[];
}

/** Since when a problem is there: as it was told before, else a time that is known of it. */
export function sinceOf(id: string, time: number, { open }: Situation): number {
  return open?.get(id)?.since ?? time;
}
