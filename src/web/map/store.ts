import { createContext, useCallback, useContext, useRef, useSyncExternalStore } from 'react';
import type { HealthWord, MapAnswer, MapHealth } from '../../server/api/contract-map.ts';
import { MapFeed, type MapState } from './live/feed.ts';
import type { MapModel } from './live/moment.ts';

export { MapFeed } from './live/feed.ts';
export type { MapState } from './live/feed.ts';
export { type MapModel, processKey } from './live/moment.ts';

/** The map by the session of this browser. */
export const mapFeed = new MapFeed();

/** Whose map the components below show; a wallboard brings its own, with a token. */
export const MapFeedContext = createContext<MapFeed>(mapFeed);
export const useMapFeed = (): MapFeed => useContext(MapFeedContext);

/** What is declared; undefined until it came. Another object only when the map is declared anew. */
export function useMapModel(): MapModel | undefined {
  const { listeners, model } = useMapFeed();
  const subscribe = useCallback((on: () => void) => listeners.on('model', on), [listeners]);
  return useSyncExternalStore(subscribe, model);
}

/** How a node, or `process:<id>`, is. Draws anew only when that one changes. */
export function useHealth(id: string): MapHealth {
  const { listeners, health } = useMapFeed();
  const subscribe = useCallback((on: () => void) => listeners.onHealth([id], on), [listeners, id]);
  return useSyncExternalStore(subscribe, () => health(id));
}

/** How many of these are how; draws anew only when a number changes. `ids` must stay the same object. */
export function useCounts(ids: readonly string[]): Readonly<Record<HealthWord, number>> {
  const { listeners, health } = useMapFeed();
  const subscribe = useCallback((on: () => void) => listeners.onHealth(ids, on), [listeners, ids]);
  const last = useRef<{ key: string; counts: Record<HealthWord, number> }>(undefined);
  return useSyncExternalStore(subscribe, () => {
    const counts = { ok: 0, 'at-risk': 0, degraded: 0, down: 0, 'no-evidence': 0 };
    for (const id of ids) counts[health(id).shown]++;
    const key = Object.values(counts).join(' ');
    if (last.current?.key !== key) last.current = { key, counts };
    return last.current.counts;
  });
}

/**
 * These ids by a number that their state gives, the least first; anew only when the order changes.
 * `ids` must stay the same object.
 */
export function useOrder(
  ids: readonly string[],
  rank: (id: string, state: HealthWord) => number,
): readonly string[] {
  const { listeners, health } = useMapFeed();
  const subscribe = useCallback((on: () => void) => listeners.onHealth(ids, on), [listeners, ids]);
  const last = useRef<readonly string[]>([]);
  return useSyncExternalStore(subscribe, () => {
    const ranks = new Map(ids.map((id) => [id, rank(id, health(id).shown)]));
    const order = [...ids].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
    if (order.join('\n') !== last.current.join('\n')) last.current = order;
    return last.current;
  });
}

/** When the newest event that the map knows of came, ms in this browser's clock. */
export function useFreshest(): number | undefined {
  const { listeners, freshest } = useMapFeed();
  const subscribe = useCallback((on: () => void) => listeners.on('freshest', on), [listeners]);
  return useSyncExternalStore(subscribe, freshest);
}

/** Whether what is shown is what is. */
export function useMapState(): MapState {
  const { listeners, state } = useMapFeed();
  const subscribe = useCallback((on: () => void) => listeners.on('state', on), [listeners]);
  return useSyncExternalStore(subscribe, state);
}

/** Changes come faster than anybody reads a table, ms. */
const wholeEveryMs = 500;

/** The whole map as it is shown, health, service levels and problems with it; anew at most twice a second. */
export function useMapNow(): MapAnswer | undefined {
  const { listeners, now } = useMapFeed();
  const held = useRef<{ answer: MapAnswer | undefined }>(undefined);
  const subscribe = useCallback(
    (on: () => void) => {
      let waiting: ReturnType<typeof setTimeout> | undefined;
      const renew = (): void => {
        waiting = undefined;
        held.current = undefined;
        on();
      };
      const soon = (): void => {
        waiting ??= setTimeout(renew, wholeEveryMs);
      };
      const stops = [
        listeners.on('model', renew),
        listeners.on('state', renew),
        listeners.on('health', soon),
        listeners.on('freshest', soon),
      ];
      return () => {
        clearTimeout(waiting);
        for (const stop of stops) stop();
      };
    },
    [listeners],
  );
  return useSyncExternalStore(subscribe, () => {
    held.current ??= { answer: now() };
    return held.current.answer;
  });
}
