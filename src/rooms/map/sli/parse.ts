import type { Sli } from '../model.ts';
import { parseBound } from './bound.ts';
import { type Measure, parseMeasure } from './measure.ts';
import type { Bound, SliPlan } from './plan.ts';
import { SliFault } from './scan.ts';

/** What is wrong with a part of an SLI. */
export interface WrongSli {
  readonly message: string;
  readonly part: 'measure' | 'ok' | 'down';
  /** Within that part, from 1, in UTF-16 code units. */
  readonly column: number;
}

/** Characters of one part. */
const maxLength = 2_000;

/**
 * Reads the measure of a process and what must be true of it. The grammar with examples:
 * docs/reference/map-health.md. Never throws.
 */
export function parseSli(sli: Sli): { readonly plan: SliPlan } | { readonly fault: WrongSli } {
  const measure = attempt('measure', sli.measure, parseMeasure);
  if ('fault' in measure) return measure;
  const bound = boundFor(measure.read);
  const ok = attempt('ok', sli.ok, bound);
  if ('fault' in ok) return ok;
  if (sli.down === undefined) return { plan: { ...measure.read, ok: ok.read } };
  const down = attempt('down', sli.down, bound);
  if ('fault' in down) return down;
  return { plan: { ...measure.read, ok: ok.read, down: down.read } };
}

function boundFor({ aggregate, ratio }: Measure): (text: string) => Bound {
  const isRatio = ratio !== undefined;
  const isOfMetric = !isRatio && aggregate !== 'rate' && aggregate !== 'count';
  const measured = { isRate: aggregate === 'rate' && !isRatio, isRatio, isOfMetric };
  return (text) => parseBound(text, measured);
}

function attempt<T>(
  part: WrongSli['part'],
  text: string,
  read: (text: string) => T,
): { readonly read: T } | { readonly fault: WrongSli } {
  if (text.length > maxLength) {
    const message = `at most ${maxLength} characters are read, and these are ${text.length}`;
    return { fault: { message, part, column: maxLength + 1 } };
  }
  try {
    return { read: read(text) };
  } catch (error) {
    if (!(error instanceof SliFault)) throw error;
    return { fault: { message: error.message, part, column: error.column } };
  }
}
