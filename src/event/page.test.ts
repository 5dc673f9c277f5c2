import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { acceptEvent } from './accept.ts';
import { markFact } from './cdevents/cdevent.ts';
import { linksOf } from './cdevents/links.ts';
import { draftFields } from './check.ts';
import { toCloudEvent } from './cloudevents/structured.ts';
import type { Draft } from './event.ts';
import { defaultLimits } from './limits.ts';

const page = readFileSync(new URL('../../docs/formats/event.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```json event\n(.*?)```/gs)].map(
  ([, json]) => JSON.parse(json ?? '') as Record<string, unknown>,
);

function draftOf(value: unknown): Draft {
  const checked = acceptEvent(value, defaultLimits, Date.UTC(2026, 1, 1));
  if ('refusal' in checked) throw new Error(checked.refusal.message);
  return checked.draft;
}

test('the examples of the page are what it says', () => {
  const [own, cloudEvent, cdEvent] = examples.map(draftOf);
  expect(examples).toHaveLength(3);
  const time = Date.UTC(2026, 0, 31, 10);
  expect(own).toMatchObject({ time, metric: 0.125, attributes: { code: '200' } });
  expect(cloudEvent).toMatchObject({ time, metric: 0.125, attributes: { 'http.route': '/cart' } });
  expect(cloudEvent && toCloudEvent(cloudEvent)).toEqual(examples[1]);
  expect(cdEvent && markFact(cdEvent)).toBe(cdEvent);
  expect(cdEvent && linksOf({ id: 'x', ...cdEvent }).links).toHaveLength(1);
});

test('the table names every field, in the stored order', () => {
  const table = page.slice(page.indexOf('| field |'), page.indexOf('Lengths are'));
  const named = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) =>
    [...(cell ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(named).toEqual(draftFields);
});
