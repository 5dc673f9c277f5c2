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

/** The time, ms since the epoch, afresh every second: one timer for the whole page. */
export const useNow = (): number =>
  useSyncExternalStore(subscribe, () =>
    timer ? now : (now = Math.floor(Date.now() / 1000) * 1000),
  );
