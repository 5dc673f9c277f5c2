import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fromCloudEvent, toCloudEvent } from '../cloudevents/structured.ts';
import type { Draft, Json } from '../event.ts';
import { defaultLimits } from '../limits.ts';
import { fromCDEvent, isCDEvent, markFact } from './cdevent.ts';
import { knownVersions, validateCDEvent } from './validate.ts';

const now = Date.UTC(2026, 5, 1);
type Body = Record<string, Json> & {
  context: Record<string, Json>;
  subject: { id: string; content: Record<string, Json> };
};
const vectors = new URL('../../../test/vectors/cdevents/', import.meta.url);
const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`${file}.json`, vectors), 'utf8')) as Record<string, Body>;

/** Version, and how many conformance files it has: events, and one custom event. */
const published: [string, number][] = [
  ['0.3.0', 39],
  ['0.4.1', 46],
  ['0.5.1', 46],
  ['0.6.0-draft', 50],
];

function draftOf(body: Body): Draft {
  const checked = fromCDEvent(body, defaultLimits, now);
  if ('refusal' in checked) throw new Error(`${checked.refusal.field} ${checked.refusal.message}`);
  return checked.draft;
}

describe.each(published)('the conformance files of CDEvents %s', (version, count) => {
  const examples = read(version);
  // The custom event that was published with 0.4.1 calls itself 0.5.0-draft by mistake.
  const { custom } = examples;
  if (custom && version === '0.4.1') custom.context['version'] = version;

  test('are all there', () => {
    expect(Object.keys(examples)).toHaveLength(count);
  });

  // What is in the same folder without being an event of the vocabulary: links on their own.
  const events = Object.entries(examples).filter(([, body]) => 'context' in body);

  test.each(events)('%s is valid, bare and in a CloudEvent', (_, body) => {
    expect(validateCDEvent(body)).toEqual({ kind: 'valid' });
    expect(isCDEvent(body)).toBe(true);
    const draft = draftOf(body);
    expect(draft).toMatchObject({ id: body.context['id'], subject: body.subject.id, data: body });
    expect(markFact(draft)).toBe(draft);
    const cloudEvent = {
      specversion: '1.0',
      id: body.context['id'],
      source: body.context['source'],
      type: body.context['type'],
      subject: body.subject.id,
      time: body.context['timestamp'],
      datacontenttype: 'application/json',
      data: body,
    };
    const checked = fromCloudEvent(cloudEvent, defaultLimits, now);
    const kept = 'draft' in checked ? checked.draft : undefined;
    expect(kept && toCloudEvent(markFact(kept))).toEqual(cloudEvent);
  });

  test.each(events)('%s is marked when a part is missing, wrong or too much', (_, body) => {
    const broken: Body[] = [
      { ...body, more: 1 },
      { ...body, context: { ...body.context, id: '' } },
      { ...body, subject: { ...body.subject, id: 7 as unknown as string } },
    ];
    for (const each of broken)
      expect(validateCDEvent(each)).toMatchObject({ kind: 'invalid', why: /\w/ });
  });
});

const deployed = () => structuredClone(read('0.5.1')['service_deployed'] as Body);

describe('a CDEvent that is not a good one is kept and marked', () => {
  const marksOf = (body: Body, change: Partial<Draft> = {}): unknown =>
    markFact({ ...draftOf(body), ...change }).attributes;

  test('with what its schema says', () => {
    const body = deployed();
    delete body.subject.content['environment'];
    expect(marksOf(body)).toEqual({
      'cdevents.valid': 'false',
      'cdevents.error': "subject.content must have required property 'environment'",
    });
    body.subject.content = { ...deployed().subject.content, extra: 1 };
    expect(marksOf(body)).toMatchObject({
      'cdevents.error': 'subject.content must NOT have additional properties (extra)',
    });
  });

  test('when the CloudEvent around it says something else', () => {
    expect(marksOf(deployed(), { id: 'other' })).toEqual({
      'cdevents.valid': 'false',
      'cdevents.error': 'context.id of the data is not what the event around it says',
    });
    expect(marksOf(deployed(), { time: 0 })).toMatchObject({ 'cdevents.error': /timestamp/ });
  });

  test('as unknown when we have no schema of its version', () => {
    const newer = deployed();
    newer.context['specversion'] = '0.9.0';
    expect(marksOf(newer)).toEqual({
      'cdevents.valid': 'unknown',
      'cdevents.error': 'no schemas of CDEvents "0.9.0"',
    });
    const type = 'dev.cdevents.service.deployed.9.0.0';
    const newerType = deployed();
    newerType.context['type'] = type;
    expect(marksOf(newerType)).toMatchObject({ 'cdevents.valid': 'unknown' });
  });

  test('outside the vocabulary is wrong and not unknown', () => {
    const body = deployed();
    body.context['type'] = 'dev.cdevents.incident.acknowledged.0.1.0';
    expect(marksOf(body)).toMatchObject({
      'cdevents.valid': 'false',
      'cdevents.error': /not in the vocabulary of CDEvents 0.5.1/,
    });
  });

  test('without a body too; only custom facts may carry anything', () => {
    expect(markFact({ type: 'dev.cdevents.service.deployed.0.3.0' }).attributes).toMatchObject({
      'cdevents.error': /no context/,
    });
    const custom: Draft = {
      type: 'dev.cdeventsx.territory-card.moved.0.1.0',
      data: { to: 'done' },
    };
    expect(markFact(custom)).toBe(custom);
  });

  test('and marks of others are not believed', () => {
    const said = { attributes: { 'cdevents.valid': 'false', a: 'b' } };
    expect(marksOf(deployed(), said)).toEqual({ a: 'b' });
    expect(markFact(markFact({ ...draftOf(deployed()), id: 'x' }))).toEqual(
      markFact({ ...draftOf(deployed()), id: 'x' }),
    );
  });
});

test('0.5.0 goes by the schemas that 0.5.1 repaired', () => {
  const body = read('0.5.1')['pipelinerun_finished'] as Body;
  const older = { ...body, context: { ...body.context, specversion: '0.5.0' } };
  expect(validateCDEvent(older)).toEqual({ kind: 'valid' });
  expect(knownVersions).toContain('0.5.0');
});

test('a bare CDEvent is checked as any event', () => {
  const body = deployed();
  body.context['timestamp'] = 'yesterday';
  expect(fromCDEvent(body, defaultLimits, now)).toMatchObject({ refusal: { field: 'time' } });
  expect(isCDEvent({ context: { type: 'build' }, subject: {} })).toBe(false);
  expect(isCDEvent([])).toBe(false);
});
