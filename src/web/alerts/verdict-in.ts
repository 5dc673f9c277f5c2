import type { Verdict } from '../../rules/correlate/verdict.ts';

/** A verdict of `moved`, with what it is about as the operator says it beside it. */
export interface AboutMove {
  readonly verdict: Verdict;
  /** The change, where it is named. */
  readonly change: ChangeSaid | undefined;
  /** Other changes and incidents that fall into the samples, in words. */
  readonly also: readonly string[];
}

/** What is said of a change. */
interface ChangeSaid {
  readonly source: string;
  readonly id: string;
  /** ms since the epoch */
  readonly time: number;
  readonly what: string;
}

const kinds: readonly string[] = ['moved', 'movedElsewhere', 'notMoved', 'cannotTell'];

/**
 * The verdict of `moved` in an alert's details or in the data of its reading. Both are any JSON; what
 * is looked at is only what tells a verdict from the rest.
 */
export function verdictIn(details: unknown): AboutMove | undefined {
  if (!isVerdict(details)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(details));
  const change = fields.get('change');
  const also = fields.get('also');
  return {
    verdict: details,
    change: isChange(change) ? change : undefined,
    also: Array.isArray(also) ? also.filter((one) => typeof one === 'string') : [],
  };
}

function isVerdict(value: unknown): value is Verdict {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    kinds.includes(value.kind)
  );
}

function isChange(value: unknown): value is ChangeSaid {
  return (
    typeof value === 'object' &&
    value !== null &&
    'what' in value &&
    typeof value.what === 'string' &&
    'time' in value &&
    typeof value.time === 'number'
  );
}
