import { isDeepStrictEqual } from 'node:util';
import { type Checked, checkDraft, draftFields } from '../check.ts';
import type { Draft } from '../event.ts';
import { isRecord } from '../json.ts';
import type { EventLimits } from '../limits.ts';
import { wrongContext } from './context.ts';
import { attributeName, draftOf, type Parts, partsOf, type Scalar } from './mapping.ts';

/**
 * The attribute that keeps what a CloudEvent said otherwise than we would: a time with an offset or
 * with microseconds, the types of extensions, a number sent as text. A JSON object from the name of
 * an attribute to its original value, null for one that was not there. With it every CloudEvent is
 * given back as it came.
 */
export const originalMark = 'cloudevents.original';

/**
 * Checks a CloudEvent that was taken apart, and keeps what would be lost.
 *
 * @param typed false where types cannot be sent (HTTP headers): then only texts are compared
 */
export function acceptParts(
  parts: Parts,
  typed: boolean,
  limits: EventLimits,
  now: number,
): Checked {
  const checked = checkDraft(draftOf(parts), limits, now);
  if ('refusal' in checked) return checked;
  const { draft } = checked;
  if (saysIt(partsOf(draft), parts, typed)) return checked;
  const lost = differences(partsOf(unmarked(draft)), parts, typed);
  const original = JSON.stringify(Object.fromEntries(lost));
  const attributes = { ...draft.attributes, [originalMark]: original };
  return checkDraft({ ...draft, attributes }, limits, now);
}

/** The CloudEvent of a draft: as it came, when it came as one. */
export function restoreParts(draft: Draft): Parts {
  const plain = partsOf(draft);
  const original = draft.attributes?.[originalMark];
  if (original === undefined) return plain;
  const lost = parseOriginal(original);
  if (!lost) return plain;
  const restored = partsOf(unmarked(draft));
  for (const [name, value] of lost) {
    if (value === null) restored.attributes.delete(name);
    else restored.attributes.set(name, value);
  }
  // The attribute is only believed when it says the same event: a sender may have made it up.
  return saysTheSame(restored, draft) ? restored : plain;
}

function saysTheSame(parts: Parts, draft: Draft): boolean {
  if (wrongContext(parts.attributes)) return false;
  const again = acceptParts(parts, true, unlimited, 0);
  if (!('draft' in again)) return false;
  return draftFields.every((field) => isDeepStrictEqual(again.draft[field], draft[field]));
}

const unlimited: EventLimits = {
  textLength: Number.POSITIVE_INFINITY,
  tags: Number.POSITIVE_INFINITY,
  tagLength: Number.POSITIVE_INFINITY,
  attributes: Number.POSITIVE_INFINITY,
  attributeNameLength: Number.POSITIVE_INFINITY,
  attributeLength: Number.POSITIVE_INFINITY,
  dataDepth: Number.POSITIVE_INFINITY,
  eventBytes: Number.POSITIVE_INFINITY,
  oldestFact: Number.NEGATIVE_INFINITY,
  readingAge: Number.POSITIVE_INFINITY,
  future: Number.POSITIVE_INFINITY,
};

function saysIt(ours: Parts, theirs: Parts, typed: boolean): boolean {
  if (ours.attributes.size !== theirs.attributes.size) return false;
  for (const [name, a] of ours.attributes) {
    const b = theirs.attributes.get(name);
    if (a !== b && (typed || String(a) !== String(b))) return false;
  }
  return true;
}

type Difference = readonly [name: string, original: Scalar | null];

/** Attributes in which `ours` is not `theirs`, by name in order, so that equal ones have equal text. */
function differences(ours: Parts, theirs: Parts, typed: boolean): Difference[] {
  const names = new Set([...ours.attributes.keys(), ...theirs.attributes.keys()]);
  return [...names].toSorted().flatMap((name): Difference[] => {
    const [a, b] = [ours.attributes.get(name), theirs.attributes.get(name)];
    const same = typed ? a === b : String(a) === String(b);
    return same ? [] : [[name, b ?? null]];
  });
}

/** Without the mark; without attributes when it was the only one. */
function unmarked(draft: Draft): Draft {
  const { attributes, ...others } = draft;
  const kept = Object.entries(attributes ?? {}).filter(([name]) => name !== originalMark);
  return kept.length === 0 ? others : { ...others, attributes: Object.fromEntries(kept) };
}

function parseOriginal(text: string): Difference[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  const good = entries.every(([name, v]) => attributeName.test(name) && isOriginal(v));
  return good ? (entries as [string, Scalar | null][]) : undefined; // just looked at every value
}

const isOriginal = (value: unknown): boolean =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
