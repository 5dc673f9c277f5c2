import { useSyncExternalStore } from 'react';

/** Whether the server is heard. `stale`: silent for so long that what is shown is old. */
export interface Connection {
  readonly state: 'live' | 'reconnecting' | 'stale';
  /** When it was last heard, ms since the epoch. */
  readonly heard: number;
}

const staleAfterMs = 10_000;
const calmMs = 10_000;
const anxiousMs = 1_500;

const listeners = new Set<() => void>();
let now: Connection = { state: 'live', heard: Date.now() };

function become(next: Connection): void {
  const changed = next.state !== now.state;
  now = next;
  if (changed) for (const listener of listeners) listener();
}

/** The server answered something, whatever it was. */
export function heard(): void {
  become({ state: 'live', heard: Date.now() });
}

/** A request reached nobody. */
export function notHeard(): void {
  const state = Date.now() - now.heard > staleAfterMs ? 'stale' : 'reconnecting';
  become({ state, heard: now.heard });
}

/** Asks for a sign of life for as long as the page is open: calmly, and often while it is lost. */
export function watchConnection(): void {
  const ask = async (): Promise<void> => {
    try {
      await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(5000) });
      heard();
    } catch {
      notHeard();
    }
    setTimeout(() => void ask(), now.state === 'live' ? calmMs : anxiousMs);
  };
  void ask();
}

export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const connection = (): Connection => now;
export const useConnection = (): Connection => useSyncExternalStore(onConnection, connection);
