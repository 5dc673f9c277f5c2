import { useSyncExternalStore } from 'react';

/** Where somebody is in the tour; kept for this browser. */
export interface TourPlace {
  /** `fresh`: nobody has opened or closed it in this browser. */
  readonly state: 'fresh' | 'open' | 'closed';
  /** 0: the welcome; 1 and up: the steps. */
  readonly at: number;
}

const key = 'territory.tour';
const fresh: TourPlace = { state: 'fresh', at: 0 };
const listeners = new Set<() => void>();
let now = read();

/** What was kept, or nothing that makes sense: `open 3`. */
export function placeIn(text: string | null): TourPlace {
  const found = /^(open|closed) (\d{1,2})$/.exec(text ?? '');
  if (!found) return fresh;
  return { state: found[1] === 'open' ? 'open' : 'closed', at: Number(found[2]) };
}

function read(): TourPlace {
  try {
    return placeIn(localStorage.getItem(key));
  } catch {
    return fresh; // Storage is forbidden: it lasts as long as the page.
  }
}

function become(next: TourPlace): void {
  now = next;
  try {
    localStorage.setItem(key, `${next.state} ${next.at}`);
  } catch {
    // As above.
  }
  for (const listener of listeners) listener();
}

/** Where the tour stands in this browser, and how it moves. */
export const tourMemory = {
  get: (): TourPlace => now,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** Where it was left. */
  open: (): void => become({ state: 'open', at: now.at }),
  goTo: (at: number): void => become({ state: 'open', at }),
  /** Leaves it, to go on there later. */
  close: (): void => become({ state: 'closed', at: now.at }),
  /** It was walked to the end: the next time it begins anew. */
  finish: (): void => become({ state: 'closed', at: 0 }),
};

/** Where the tour stands in this browser. */
export const useTourPlace = (): TourPlace =>
  useSyncExternalStore(tourMemory.subscribe, tourMemory.get);
