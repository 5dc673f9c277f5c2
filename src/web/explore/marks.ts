import type { PlacedEvent } from '../../server/api/contract.ts';
import { typeInWords } from '../stream/search.ts';

export type MarkKind = 'deploy' | 'change' | 'incident' | 'other';

/** One or several facts that stand at the same place over the chart. */
export interface Mark {
  readonly kind: MarkKind;
  /** px from the left edge of the plot */
  readonly x: number;
  /** Newest first, at least one. */
  readonly events: readonly [PlacedEvent, ...PlacedEvent[]];
}

/** Facts nearer than that share a mark, so that each can be hit. */
const apart = 16;

/** Where facts stand over a plot of that width; those outside the range are left out. */
export function marksOf(
  facts: readonly PlacedEvent[],
  range: { readonly from: number; readonly to: number },
  width: number,
): readonly Mark[] {
  const marks: Mark[] = [];
  const inside = facts.filter((fact) => fact.time >= range.from && fact.time < range.to);
  for (const fact of inside.toSorted((a, b) => a.time - b.time)) {
    const x = ((fact.time - range.from) / (range.to - range.from)) * width;
    const before = marks.at(-1);
    if (before && x - before.x < apart)
      marks[marks.length - 1] = {
        ...before,
        kind: graver(before.kind, kindOf(fact.type)),
        events: [fact, ...before.events],
      };
    else marks.push({ kind: kindOf(fact.type), x, events: [fact] });
  }
  return marks;
}

const byGravity: readonly MarkKind[] = ['incident', 'deploy', 'change', 'other'];
const graver = (a: MarkKind, b: MarkKind): MarkKind =>
  byGravity.find((k) => k === a || k === b) ?? a;

function kindOf(type: string): MarkKind {
  const words = typeInWords(type);
  if (/^(incident|alert)/.test(words)) return 'incident';
  if (/^(service|environment|deploy |[a-z]+-deployment )/.test(words)) return 'deploy';
  return /^(change|commit|branch|repository|merge|tag)/.test(words) ? 'change' : 'other';
}

/** What a mark says: `service deployed, shop`, or how many facts it stands for. */
export function wordsOf(mark: Mark): string {
  const [first] = mark.events;
  const one = [typeInWords(first.type), first.subject ?? first.service].filter(Boolean).join(', ');
  return mark.events.length === 1 ? one : `${mark.events.length} facts, the last: ${one}`;
}
