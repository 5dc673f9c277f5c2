import type { SeriesAnswer } from '../../server/api/contract.ts';
import type { Architecture } from '../../server/api/contract-demo.ts';
import { drawingOf } from '../explore/lines.ts';

const metrics = {
  'newsroom.items.imported': 'imported',
  'newsroom.items.done': 'done',
  'newsroom.items.lost': 'lost',
} as const;
/** What is drawn of an architecture. */
export type CurveName = (typeof metrics)[keyof typeof metrics];

/** Counts of the architectures over the same time, ms since the epoch. */
export interface Curves {
  readonly times: readonly number[];
  readonly of: (
    name: Architecture['name'],
  ) => readonly { readonly name: CurveName; readonly values: readonly (number | null)[] }[];
  /** The greatest of all: every chart ends there, so that they can be compared. */
  readonly most: number;
}

/** What to draw for an answer by architecture and name. */
export function curvesOf(answer: SeriesAnswer): Curves {
  const { times, lines } = drawingOf(answer, '');
  const values = new Map(lines.map(({ key, values: of }) => [key, of]));
  return {
    times,
    of: (architecture) =>
      Object.entries(metrics).flatMap(([metric, name]) => {
        const of = values.get(JSON.stringify([architecture, metric]));
        return of ? [{ name, values: of }] : [];
      }),
    most: Math.max(1, ...[...values.values()].flat().map((value) => value ?? 0)),
  };
}
