import {
  addTo,
  makeSketch,
  mergeSketch,
  type Sketch,
  valueAt,
} from '../../../sketches/ddsketch.ts';
import { type Fold, fold } from './fold.ts';

/** All numbers while they are few, a sketch of them from then on. */
interface Numbers {
  values: number[];
  sketch: Sketch | undefined;
}

/** Below so many values quantiles are exact. */
const exactBelow = 1_000;

/**
 * Quantiles of `metric`: the value at the rank floor(q·n) in ascending order, counted from 0 (so
 * the larger of two is their median, as in Riemann). Exact under 1,000 values, within 1 % above.
 * Keeps at most 999 numbers, then a sketch of at most 4,096 counts.
 */
export function quantiles(wanted: readonly number[]): Fold {
  return fold<Numbers, number>({
    make: () => ({ values: [], sketch: undefined }),
    item: (event) => event.metric,
    add,
    merge: (into, { values, sketch }) => {
      if (sketch) mergeSketch(sketched(into), sketch);
      for (const value of values) add(into, value);
      return into;
    },
    results: (kept) => {
      const at = ranked(kept);
      return wanted.map((q) => ({ metric: at(q), attributes: { q: String(q) } }));
    },
    empty: undefined,
  });
}

function add(kept: Numbers, value: number): Numbers {
  const { values, sketch } = kept;
  if (sketch) addTo(sketch, value);
  else if (values.length < exactBelow - 1) values.push(value);
  else addTo(sketched(kept), value);
  return kept;
}

function sketched(kept: Numbers): Sketch {
  if (kept.sketch) return kept.sketch;
  const sketch = makeSketch();
  for (const value of kept.values) addTo(sketch, value);
  kept.values = [];
  kept.sketch = sketch;
  return sketch;
}

function ranked({ values, sketch }: Numbers): (q: number) => number {
  const rank = (q: number, n: number): number => Math.min(Math.floor(q * n), n - 1);
  if (sketch) return (q) => valueAt(sketch, rank(q, sketch.n));
  const sorted = Float64Array.from(values).sort();
  return (q) => sorted[rank(q, sorted.length)] ?? Number.NaN;
}
