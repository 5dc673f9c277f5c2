import { useEffect, useEffectEvent } from 'react';

/** Keys by what they do, as the help shows them; `g s` is g, then s within a second. */
export const keyHelp = [
  ['Ctrl K', 'Command palette: go anywhere, find a metric, change the theme'],
  ['/', 'Put the cursor into the filter, or into the search of the map'],
  ['g m', 'Go to the Map'],
  ['g d', 'Go to Releases'],
  ['g s', 'Go to Stream'],
  ['g e', 'Go to Explore'],
  ['g a', 'Go to Alerts'],
  ['g c', 'Go to Checks'],
  ['g r', 'Go to Rules'],
  ['g b', 'Go to Backtest'],
  ['g f', 'Go to Threads'],
  ['g o', 'Go to Sources'],
  ['g n', 'Go to the Newsroom, the demo'],
  ['g t', 'Go to Territory itself'],
  ['+  -  0', 'Map: zoom in, zoom out, all of it'],
  ['↑ ↓ ← →', 'Map: along the lines to the next node; Enter opens it'],
  ['p', 'Stream: pause and resume'],
  ['↑ ↓  Enter', 'Stream: move among events, open one'],
  ['n', 'Checks: only those that are not ok, and back'],
  ['[  ]', 'Explore: earlier, later'],
  ['-', 'Explore: zoom out'],
  ['← →', 'Guided tour: to the step before, to the next'],
  ['Esc', 'Close what is open'],
  ['?', 'This help'],
] as const;

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('input:not([type=radio],[type=checkbox]), textarea, select'));

/**
 * Runs a handler for a key pressed anywhere but in a field or a dialog: `/`, `?`, `g s`.
 * `ctrl+k` also works in fields, and means Cmd on a Mac.
 */
export function useHotkeys(handlers: Readonly<Record<string, () => void>>): void {
  const onKey = useEffectEvent((e: KeyboardEvent, prefix: string): boolean => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey)
      return run(e, handlers[`ctrl+${e.key.toLowerCase()}`]);
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return false;
    if (document.querySelector('dialog[open]')) return false;
    return run(e, handlers[prefix + e.key]);
  });
  useEffect(() => {
    let first = { key: '', at: 0 };
    const listener = (e: KeyboardEvent): void => {
      const prefix = first.key && e.timeStamp - first.at < 1000 ? `${first.key} ` : '';
      const done = onKey(e, prefix);
      first = { key: !done && e.key === 'g' && !typing(e.target) ? 'g' : '', at: e.timeStamp };
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

function run(e: KeyboardEvent, handler: (() => void) | undefined): boolean {
  if (!handler) return false;
  e.preventDefault();
  handler();
  return true;
}

/** Puts the cursor into the page's filter. */
export function focusFilter(): void {
  document.querySelector<HTMLInputElement>('[data-filter]')?.focus();
}
