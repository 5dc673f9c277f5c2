import { type RefObject, useLayoutEffect, useState } from 'react';
import { tourMemory } from './memory.ts';

type BarRef = RefObject<HTMLElement | null>;

/** Tells panels that lie over the page where to end, above the bar: its height as `--tour`. */
export function useBarHeight(bar: BarRef): void {
  useLayoutEffect(() => {
    const element = bar.current;
    const root = document.documentElement.style;
    const tell = (): void => root.setProperty('--tour', `${element?.offsetHeight ?? 0}px`);
    const sizes = new ResizeObserver(tell);
    if (element) sizes.observe(element);
    return () => {
      sizes.disconnect();
      root.removeProperty('--tour');
    };
  }, [bar]);
}

/** Takes the focus when it opens, and gives it back when it closes; never from somebody at work. */
export function useBarFocus(bar: BarRef): void {
  const [before] = useState(() => document.activeElement);
  useLayoutEffect(() => {
    const element = bar.current;
    const isIdle = before === null || before === document.body;
    if (isIdle || tourMemory.get().state !== 'fresh') element?.querySelector('h2')?.focus();
    return () => {
      // Still in the document now: a layout effect is undone before its elements go.
      if (!element?.contains(document.activeElement)) return;
      const back = before instanceof HTMLElement && before.isConnected ? before : undefined;
      (back ?? document.getElementById('content'))?.focus({ preventScroll: true });
    };
  }, [bar, before]);
}
