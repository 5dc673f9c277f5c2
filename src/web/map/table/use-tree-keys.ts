import { type KeyboardEvent, useRef, useState } from 'react';
import type { TreeRow } from './tree.ts';

interface TreeKeys {
  readonly rows: readonly TreeRow[];
  readonly onToggle: (key: string, isOpen: boolean) => void;
  readonly onOpen: (id: string) => void;
}

const controls = 'a[href], button';

/**
 * The keyboard of a treegrid (WAI-ARIA APG): one row is in the tab order. Up, Down, Home and End
 * move among rows; Right opens a row, then goes in among its controls; Left goes back out, closes
 * it, then goes to the row that it belongs to. Enter opens what the row is about.
 */
export function useTreeKeys({ rows, onToggle, onOpen }: TreeKeys) {
  const table = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState<string>();
  const current = rows.find((row) => row.key === active) ?? rows[0];

  const focusRow = (row: TreeRow | undefined): void => {
    if (!row) return;
    setActive(row.key);
    table.current?.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(row.key)}"]`)?.focus();
  };
  const along = (row: TreeRow, key: string): TreeRow | undefined => {
    const at = rows.indexOf(row);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key];
    return to === undefined ? undefined : rows[to];
  };
  const right = (row: TreeRow, element: HTMLElement): void => {
    if (row.kind === 'leaf') element.querySelector<HTMLElement>(controls)?.focus();
    else if (row.isOpen) focusRow(rows[rows.indexOf(row) + 1]);
    else onToggle(row.key, true);
  };
  const left = (row: TreeRow): void => {
    if (row.kind !== 'leaf' && row.isOpen) onToggle(row.key, false);
    else focusRow(rows.find(({ key }) => key === row.parent));
  };
  const onRow = (row: TreeRow, element: HTMLElement, key: string): boolean => {
    if (key === 'ArrowRight') right(row, element);
    else if (key === 'ArrowLeft') left(row);
    else if (key !== 'Enter' && key !== ' ') return false;
    else if (row.kind === 'leaf') onOpen(row.id);
    else onToggle(row.key, !row.isOpen);
    return true;
  };
  /** On a link or button in a row. */
  const inRow = (row: TreeRow, element: HTMLElement, e: KeyboardEvent): boolean => {
    if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return false;
    const all = [...element.querySelectorAll<HTMLElement>(controls)];
    const next = all.findIndex((one) => one === e.target) + (e.key === 'ArrowLeft' ? -1 : 1);
    if (next < 0) focusRow(row);
    else all[next]?.focus();
    return true;
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.ctrlKey || e.metaKey || e.altKey || !(e.target instanceof HTMLElement)) return;
    const element = e.target.closest<HTMLElement>('tr[data-key]');
    const row = rows.find(({ key }) => key === element?.dataset['key']);
    if (!element || !row) return;
    const moved = along(row, e.key);
    if (moved) focusRow(moved);
    else if (!(e.target === element ? onRow(row, element, e.key) : inRow(row, element, e))) return;
    e.preventDefault();
  };
  return { table, activeKey: current?.key, setActive, onKeyDown };
}
