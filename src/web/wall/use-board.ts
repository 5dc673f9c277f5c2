import { useEffect, useSyncExternalStore } from 'react';
import { onThemeChange, themeInForce } from '../kit/preferences.ts';
import { scaleFor } from './drift.ts';

function onResize(listener: () => void): () => void {
  addEventListener('resize', listener);
  return () => removeEventListener('resize', listener);
}

/** How large the board is drawn on this screen. */
export const useScale = (): number =>
  useSyncExternalStore(onResize, () => scaleFor(innerWidth, innerHeight));

function onHash(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/** What stands after the `#` of the address. */
export const useHash = (): string => useSyncExternalStore(onHash, () => location.hash);

/** A wall is dark, whatever the browser of the screen prefers; the theme comes back afterwards. */
export function useTheme(theme: 'light' | 'dark'): void {
  useEffect(() => {
    const set = (to: string): void => {
      document.documentElement.dataset['theme'] = to;
    };
    set(theme);
    const stop = onThemeChange(() => set(theme));
    return () => {
      stop();
      set(themeInForce());
    };
  }, [theme]);
}
