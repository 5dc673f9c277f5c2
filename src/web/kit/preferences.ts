import { useSyncExternalStore } from 'react';

/** What a person chose for this browser; kept in its local storage. */
export type Theme = 'system' | 'light' | 'dark';
/** `local` is the browser's zone. */
export type Zone = 'local' | 'utc';

interface Choice<T extends string> {
  readonly get: () => T;
  readonly set: (value: T) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

function choice<T extends string>(key: string, values: readonly [T, ...T[]]): Choice<T> {
  const listeners = new Set<() => void>();
  let now = values.find((v) => v === read(key)) ?? values[0];
  return {
    get: () => now,
    set: (value) => {
      now = value;
      write(key, value);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Storage may be forbidden by the browser; the choice then lasts as long as the page. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Kept in memory only.
  }
}

/** The colour theme. `public/theme.js` applies it before the first paint by the same rule. */
export const theme: Choice<Theme> = choice('territory.theme', ['system', 'light', 'dark']);
/** The zone that times are shown in. */
export const zone: Choice<Zone> = choice('territory.zone', ['local', 'utc']);
/** Whether this browser shows a notice for every alert that becomes critical. */
export const criticalNotices: Choice<'off' | 'on'> = choice('territory.notices', ['off', 'on']);

const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** Paper is white. */
const printing = matchMedia('print');

/** The theme that is in force. */
export function themeInForce(): 'light' | 'dark' {
  if (printing.matches) return 'light';
  const chosen = theme.get();
  if (chosen !== 'system') return chosen;
  return systemDark.matches ? 'dark' : 'light';
}

/** Tells of every change of the theme in force; undo with what it returns. */
export function onThemeChange(listener: () => void): () => void {
  const stop = theme.subscribe(listener);
  const media = [systemDark, printing];
  for (const each of media) each.addEventListener('change', listener);
  return () => {
    stop();
    for (const each of media) each.removeEventListener('change', listener);
  };
}

/** Keeps the document's theme equal to the one in force. */
export function applyTheme(): void {
  const apply = (): void => {
    document.documentElement.dataset['theme'] = themeInForce();
  };
  apply();
  onThemeChange(apply);
}

export const useTheme = (): Theme => useSyncExternalStore(theme.subscribe, theme.get);
export const useThemeInForce = (): 'light' | 'dark' =>
  useSyncExternalStore(onThemeChange, themeInForce);
export const useZone = (): Zone => useSyncExternalStore(zone.subscribe, zone.get);
export const useCriticalNotices = (): 'off' | 'on' =>
  useSyncExternalStore(criticalNotices.subscribe, criticalNotices.get);
