import { useEffect, useEffectEvent } from 'react';

/** What the keys of the tour do. */
interface TourKeys {
  readonly back: () => void;
  readonly next: () => void;
  readonly close: () => void;
}

/**
 * Left, right and Escape, in the tour and wherever the page has no use for them: not in a field, a
 * dialog, or a part that moves by the arrows itself.
 */
export function useTourKeys(keys: TourKeys): void {
  const onKey = useEffectEvent((e: KeyboardEvent): void => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
    const act = { ArrowLeft: keys.back, ArrowRight: keys.next, Escape: keys.close }[e.key];
    if (!act || document.querySelector('dialog[open]') || !isFree(e.target)) return;
    e.preventDefault();
    act();
  });
  useEffect(() => {
    const listener = (e: KeyboardEvent): void => onKey(e);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

function isFree(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target === document.body || target.id === 'content') return true;
  if (target.closest('[data-tour-bar]') || target.matches('a, button:not([role])')) return true;
  // A part that scrolls, and not sideways.
  return target.matches('section[tabindex]') && target.scrollWidth <= target.clientWidth;
}
