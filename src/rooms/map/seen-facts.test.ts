import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlacedEvent } from '../../event/codec.ts';
import { type Fields, facts, minute, noon } from '../thread/thread.suite.ts';
import { SeenFacts } from './seen-facts.ts';

const seenOf = (list: readonly Fields[], max?: number): SeenFacts => {
  const seen = new SeenFacts(max);
  for (const fact of facts(list)) seen.add(fact);
  return seen;
};

const deployed = (service: string, environment: string): Fields => ({
  type: 'dev.cdevents.service.deployed.0.3.0',
  subject: `service/${service}`,
  environment,
});

test('what came under the same names is one, with how often and when', () => {
  const list = seenOf([
    deployed('shop', 'production'),
    deployed('shop', 'staging'),
    deployed('shop', 'production'),
  ]).list();
  expect(list).toEqual([
    {
      stream: 'facts',
      source: '/ci',
      service: 'shop',
      environment: 'production',
      subject: 'service/shop',
      type: 'service.deployed',
      first: noon,
      last: noon + 2 * minute,
      count: 2,
      offset: 3,
    },
    expect.objectContaining({ environment: 'staging', count: 1, offset: 2 }),
  ]);
});

test('things that are numbered are one, things with a name are not', () => {
  const about = (subject: string): Fields => ({
    type: 'dev.cdevents.change.merged.0.3.0',
    subject,
  });
  const counted = seenOf([about('change/1'), about('change/2'), about('4f1c0a7d9e')]).list();
  expect(counted.map(({ subject, count }) => [subject, count])).toEqual([
    ['change/2', 2],
    ['4f1c0a7d9e', 1],
  ]);
  const deploys = seenOf([deployed('web-1', 'p'), deployed('web-2', 'p')]).list();
  expect(deploys.map(({ service }) => service)).toEqual(['web-1', 'web-2']);
});

test('a reading is none of it', () => {
  expect(seenOf([{ type: 'metric', service: 'shop' }]).list()).toEqual([]);
});

test('beyond the bound what was seen longest ago is forgotten, and counted', () => {
  const seen = new SeenFacts(10);
  const all = facts(Array.from({ length: 25 }, (_, i) => deployed(`s${i}`, 'p')));
  for (const fact of all) seen.add(fact);
  expect(seen.size).toBeLessThanOrEqual(10);
  expect(seen.forgotten).toBe(25 - seen.size);
  expect(seen.list().at(-1)).toMatchObject({ service: 's24' });
});

test('whatever comes, every fact is counted once and the last one is shown', () => {
  const field = fc.constantFrom('a', 'b');
  const any = fc.array(fc.record({ service: field, environment: field, source: field }));
  fc.assert(
    fc.property(any, (list) => {
      const seen = new SeenFacts();
      const all: PlacedEvent[] = facts(
        list.map((one) => ({ type: 'dev.cdevents.service.deployed.0.3.0', ...one })),
      );
      for (const fact of all) seen.add(fact);
      const found = seen.list();
      expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
      const [newest] = found.toSorted((a, b) => b.offset - a.offset);
      expect(newest?.offset).toBe(all.at(-1)?.offset);
    }),
  );
});

test('going on from a list is as if it had never ended', () => {
  const all = facts([deployed('shop', 'production'), deployed('shop', 'staging')]);
  const more = facts([deployed('shop', 'production'), deployed('basket', 'production')]);
  const once = new SeenFacts();
  for (const fact of [...all, ...more]) once.add(fact);
  const first = new SeenFacts();
  for (const fact of all) first.add(fact);
  const then = SeenFacts.from(JSON.parse(JSON.stringify(first.list())));
  for (const fact of more) then.add(fact);
  expect(then.list()).toEqual(once.list());
});
