import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const current = (): number => (timer ? now : (now = Math.floor(Date.now() / 1000) * 1000));

/** The time, ms since the epoch, afresh every second: one timer for the whole page. */
export const useNow = (): number => useSyncExternalStore(subscribe, current);

/** What follows from the time, afresh when that becomes another: a thousand ages of days are still. */
export const useFromNow = <T extends string | number | boolean>(of: (now: number) => T): T =>
  useSyncExternalStore(subscribe, () => of(current()));
