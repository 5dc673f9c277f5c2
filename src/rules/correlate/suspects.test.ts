import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Event, Json } from '../../event/event.ts';
import { type Change, changeOf } from './change.ts';
import { mostSuspects, suspects, type SuspectsSettings } from './suspects.ts';

const noon = Date.UTC(2026, 0, 15, 12);
const minute = 60_000;
const eventOf = (fields: Partial<Event>): Event => ({
  id: 'e1',
  type: 'metric',
  source: 'ci',
  time: noon,
  received: noon,
  ...fields,
});

describe('which events tell of a change', () => {
  test('a deploy, with service and environment from the CDEvent', () => {
    const data: Json = {
      subject: {
        id: 'shop',
        content: { environment: { id: 'live' }, artifactId: 'pkg:oci/shop@1.4.2?tag=x' },
      },
    };
    const type = 'dev.cdevents.service.deployed.0.3.0';
    expect(changeOf(eventOf({ type, subject: 'shop', data }))).toMatchObject({
      what: 'shop 1.4.2 deployed',
      version: '1.4.2',
      labels: { service: 'shop', environment: 'live' },
    });
    const digest = 'pkg:oci/shop@sha256%3A0b31b1c02ff458ad9b7b81cbdf8f028b';
    const byDigest = { subject: { content: { artifactId: digest } } };
    expect(changeOf(eventOf({ type, subject: 'shop', data: byDigest }))?.version).toBe(
      '0b31b1c02ff4',
    );
  });

  test('what the event itself says comes first', () => {
    const event = eventOf({
      type: 'dev.cdevents.service.upgraded.0.2.0',
      subject: '/cluster/shop',
      service: 'shop',
      environment: 'live',
      attributes: { 'service.version': '2.0' },
    });
    expect(changeOf(event)).toMatchObject({ what: 'shop 2.0 upgraded', blast: 0.5 });
  });

  test.for([
    ['dev.cdevents.service.rolledback.0.2.0', 'shop rolled back'],
    ['dev.cdevents.service.removed', 'shop removed'],
    ['dev.cdevents.change.merged.0.3.0', 'change shop merged'],
    ['dev.cdevents.environment.modified.0.3.0', 'environment shop modified'],
    ['dev.cdeventsx.unleash-flag.toggled.0.1.0', 'flag shop toggled'],
    ['dev.cdeventsx.consul-config.changed.0.1.0', 'config shop changed'],
    ['dev.cdeventsx.territory-scale.done.0.1.0', 'scale shop done'],
    ['dev.cdevents.pipelinerun.finished.0.2.0', undefined],
    ['dev.cdevents.incident.detected.0.2.0', undefined],
    ['dev.cdeventsx.territory-alert.opened.0.1.0', undefined],
    ['dev.cdeventsx.consul-config.read.0.1.0', undefined],
    ['metric', undefined],
  ] as const)('%s', ([type, what]) => {
    expect(changeOf(eventOf({ type, subject: 'shop' }))?.what).toBe(what);
  });

  test('of the published CDEvents, those that change what runs', () => {
    const file = new URL('../../../test/vectors/cdevents/0.5.1.json', import.meta.url);
    const examples = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      { context?: { type?: string } }
    >;
    const names = Object.entries(examples)
      .filter(([, { context }]) => changeOf(eventOf({ type: context?.type ?? '' })) !== undefined)
      .map(([name]) => name);
    expect(names.toSorted()).toEqual([
      'change_merged',
      'environment_created',
      'environment_deleted',
      'environment_modified',
      'service_deployed',
      'service_removed',
      'service_rolledback',
      'service_upgraded',
    ]);
  });
});

const change = (fields: Partial<Change> & { readonly ago: number }): Change => ({
  source: 'ci',
  id: `c${fields.ago}`,
  type: 'dev.cdevents.service.deployed.0.3.0',
  what: 'deployed',
  labels: {},
  blast: 0.5,
  ...fields,
  time: noon - fields.ago * minute,
});
const trouble = { since: noon, labels: { service: 'shop', environment: 'live' } };
const settings: SuspectsSettings = { before: 30 * minute, on: ['service', 'env'] };
const ids = (changes: readonly Change[], more: Partial<SuspectsSettings> = {}): string[] =>
  suspects(trouble, changes, { ...settings, ...more }).map(({ id }) => id);

describe('which of them are suspects', () => {
  const shop = { service: 'shop', environment: 'live' };

  test('the nearer of two like ones first, none that came later or too early', () => {
    const all = [-1, 31, 20, 4].map((ago) => change({ ago, labels: shop }));
    expect(ids(all)).toEqual(['c4', 'c20']);
  });

  test('with its grounds', () => {
    expect(suspects(trouble, [change({ ago: 4, labels: shop })], settings)).toEqual([
      {
        source: 'ci',
        id: 'c4',
        type: 'dev.cdevents.service.deployed.0.3.0',
        time: noon - 4 * minute,
        what: 'deployed',
        score: 0.804,
        because: ['4 min before', 'same service', 'same environment'],
      },
    ]);
  });

  test('none of another service or environment, but one that names none', () => {
    const all = [
      change({ ago: 1, labels: { service: 'mail', environment: 'live' } }),
      change({ ago: 2, labels: { service: 'shop', environment: 'test' } }),
      change({ ago: 3, labels: {} }),
      change({ ago: 5, labels: shop }),
    ];
    expect(ids(all)).toEqual(['c5', 'c3']);
  });

  test('one of a service upstream, where the map says so', () => {
    const all = [change({ ago: 2, labels: { service: 'stock' } })];
    expect(ids(all)).toEqual([]);
    expect(suspects(trouble, all, { ...settings, upstream: ['stock'] })).toMatchObject([
      { id: 'c2', because: ['2 min before', 'shop relies on stock'] },
    ]);
  });

  test('what touches more, of two that are else alike', () => {
    const host = change({ ago: 3, id: 'host', blast: 0, labels: { host: 'web1' } });
    const all = change({ ago: 3, id: 'all', blast: 1 });
    expect(ids([host, all])).toEqual(['all', 'host']);
  });

  const many = fc.array(
    fc.record({
      ago: fc.double({ min: -5, max: 40, noNaN: true }),
      id: fc.uuid(),
      labels: fc.constantFrom({}, shop, { service: 'shop' }, { service: 'mail' }),
      blast: fc.constantFrom(0, 0.5, 0.75, 1),
    }),
    { maxLength: 40 },
  );

  test('few, in order, each score in [0, 1], whatever the order of the changes', () => {
    fc.assert(
      fc.property(many, (given) => {
        const all = given.map(change);
        const found = suspects(trouble, all, settings);
        expect(found.length).toBeLessThanOrEqual(mostSuspects);
        expect(found.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
        expect(found).toEqual(found.toSorted((a, b) => b.score - a.score));
        expect(found.every(({ time }) => time <= noon && time >= noon - 30 * minute)).toBe(true);
        expect(suspects(trouble, all.toReversed(), settings)).toEqual(found);
      }),
    );
  });
});
