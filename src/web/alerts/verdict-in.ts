import type { Verdict } from '../../rules/correlate/verdict.ts';

const kinds: readonly string[] = ['moved', 'movedElsewhere', 'notMoved', 'cannotTell'];

/**
 * The verdict of `moved` in an alert's details: by itself, or under some name beside other things.
 * Details are any JSON; what is looked at is only what tells a verdict from the rest.
 */
export function verdictIn(details: unknown): Verdict | undefined {
  if (isVerdict(details)) return details;
  if (typeof details !== 'object' || details === null) return undefined;
  return Object.values(details).find(isVerdict);
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
