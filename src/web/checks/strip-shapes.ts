import type { StripSlot } from '../../server/api/contract-checks.ts';

/** Slots that a strip has room for. */
export const stripSlots = 60;
/** Size of its drawing: a slot is four wide, one of them free. */
export const stripBox = { slot: 4, height: 24, base: 20 } as const;

type State = StripSlot['state'];
const heights: Readonly<Record<Exclude<State, 'unknown' | 'missed'>, number>> = {
  ok: 8,
  warning: 14,
  critical: 20,
};

/** Where the n-th of so many slots begins: they end at the right. */
const left = (at: number, of: number): number => (stripSlots - of + at) * stripBox.slot;

const bar = (x: number, y: number, height: number): string => `M${x} ${y}h3v${height}h-3z`;

/**
 * One path for each state, because a page has thousands of slots. They differ by height too: ok is low,
 * a warning higher, critical full, unknown is broken in the middle, and of a missed one there is a line.
 */
export function stripPaths(slots: readonly StripSlot[]): ReadonlyMap<State, string> {
  const paths = new Map<State, string>();
  slots.forEach(({ state }, at) => {
    const x = left(at, slots.length);
    paths.set(state, (paths.get(state) ?? '') + shapeOf(state, x));
  });
  return paths;
}

function shapeOf(state: State, x: number): string {
  if (state === 'missed') return bar(x, stripBox.base - 1, 1);
  if (state === 'unknown') return bar(x, stripBox.base - 7, 7) + bar(x, stripBox.base - 17, 7);
  return bar(x, stripBox.base - heights[state], heights[state]);
}

/** Marks under the first slots that ran with another version than those before them. */
export function releasePath(slots: readonly StripSlot[]): string {
  let known: string | null = null;
  let path = '';
  slots.forEach(({ release }, at) => {
    if (release === null) return;
    if (known !== null && release !== known)
      path += bar(left(at, slots.length), stripBox.height - 2, 2);
    known = release;
  });
  return path;
}

/** The slot under a place of the strip, `part` of its width from the left, 0 to 1. */
export function slotAt(slots: readonly StripSlot[], part: number): StripSlot | undefined {
  const at = Math.floor(part * stripSlots) - (stripSlots - slots.length);
  return slots[at];
}

/** The strip in words. */
export function stripWords(slots: readonly StripSlot[]): string {
  if (slots.length === 0) return 'No slot yet';
  const counts = new Map<State, number>();
  for (const { state } of slots) counts.set(state, (counts.get(state) ?? 0) + 1);
  const said = [...counts].map(([state, count]) => `${count} ${state}`);
  return `The last ${slots.length} slots: ${said.join(', ')}`;
}
