import { type Checked, checkDraft } from '../check.ts';
import { type Draft, streamOf } from '../event.ts';
import { isRecord } from '../json.ts';
import type { EventLimits } from '../limits.ts';
import { parseTime } from '../time.ts';
import { type Verdict, validateCDEvent } from './validate.ts';

/** `false` on a CDEvent that breaks its schema, `unknown` where we have none; else absent. */
export const validMark = 'cdevents.valid';
/** What is wrong with it, in words. */
export const errorMark = 'cdevents.error';

/** Whether a value is a bare CDEvent, without a CloudEvent around it. */
export function isCDEvent(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value) || !isRecord(value['context']) || !isRecord(value['subject'])) return false;
  const { type } = value['context'];
  return typeof type === 'string' && streamOf(type) === 'facts';
}

/**
 * A bare CDEvent as an event: what its context says, and the whole of it as `data`. Checked as any
 * event, but not marked yet.
 *
 * @param now ms since the epoch, UTC
 */
export function fromCDEvent(
  value: Record<string, unknown>,
  limits: EventLimits,
  now: number,
): Checked {
  const context = isRecord(value['context']) ? value['context'] : {};
  const subject = isRecord(value['subject']) ? value['subject'] : {};
  const draft = {
    id: context['id'],
    time: context['timestamp'],
    type: context['type'],
    source: context['source'],
    subject: subject['id'],
    data: value,
  };
  return checkDraft(draft, limits, now);
}

/**
 * Marks a fact that says it is a CDEvent and is not a good one; a good one is given back as it is.
 * Nothing is refused for it: what happened, happened. Custom facts (`dev.cdeventsx.`) may carry any
 * data, and are held against the schema only when they carry a CDEvent.
 */
export function markFact(fact: Draft): Draft {
  const marks = marksOf(verdictOn(fact));
  const { attributes, ...others } = fact;
  const given = Object.entries(attributes ?? {});
  const kept = given.filter(([name]) => name !== validMark && name !== errorMark);
  if (marks.length === 0 && kept.length === given.length) return fact;
  const all = [...kept, ...marks];
  return all.length === 0 ? others : { ...others, attributes: Object.fromEntries(all) };
}

function marksOf(verdict: Verdict | undefined): [string, string][] {
  if (verdict === undefined || verdict.kind === 'valid') return [];
  const valid = verdict.kind === 'invalid' ? 'false' : 'unknown';
  return [
    [validMark, valid],
    [errorMark, verdict.why],
  ];
}

function verdictOn(fact: Draft): Verdict | undefined {
  const carries = isRecord(fact.data) && isRecord(fact.data['context']);
  if (!carries && fact.type.startsWith('dev.cdeventsx.')) return undefined;
  const verdict = validateCDEvent(fact.data);
  if (verdict.kind === 'invalid') return verdict;
  const why = disagreement(fact);
  return why === undefined ? verdict : { kind: 'invalid', why };
}

/**
 * CloudEvents Binding for CDEvents: the attributes of the CloudEvent repeat the context of the
 * CDEvent, so they must agree.
 */
function disagreement({ id, type, source, time, subject, data }: Draft): string | undefined {
  if (!isRecord(data) || !isRecord(data['context'])) return undefined;
  const { context, subject: about } = data;
  const pairs: [string, unknown, unknown][] = [
    ['context.id', id, context['id']],
    ['context.type', type, context['type']],
    ['context.source', source, context['source']],
    ['context.timestamp', time, timeOf(context['timestamp'])],
    ['subject.id', subject, isRecord(about) ? about['id'] : undefined],
  ];
  const wrong = pairs.find(([, said, repeated]) => said !== undefined && said !== repeated);
  return wrong && `${wrong[0]} of the data is not what the event around it says`;
}

const timeOf = (value: unknown): number | undefined =>
  typeof value === 'string' ? parseTime(value) : undefined;
