import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markFact } from '../../event/cdevents/cdevent.ts';
import { changeOf } from '../../rules/correlate/change.ts';
import { deployFact, discoveredFact, whereSource } from './facts.ts';
import { toldBy } from './told.ts';
import { compareNames, versionIn } from './version.ts';
import { World, start } from './where.suite.ts';

describe('facts', () => {
  const report = { app: 'shop', environment: 'production', version: '1.1', id: 'r1', time: start };

  test('a finished deploy is one valid CDEvent, which rules take for one change', () => {
    const fact = deployFact({ ...report, report: 'finished' });
    expect(markFact(fact)).toBe(fact);
    const change = changeOf({ id: '', source: '', time: start, ...fact, received: start });
    expect(change).toMatchObject({ what: 'shop 1.1 deployed', version: '1.1' });
    const begun = deployFact({ ...report, report: 'started' });
    expect(
      changeOf({ id: '', source: '', time: start, ...begun, received: start }),
    ).toBeUndefined();
  });

  test('the same report is the same fact', () => {
    const ids = (['started', 'finished'] as const).map(
      (how) => deployFact({ ...report, report: how }).id,
    );
    expect(ids).toEqual([
      'deploy/shop/production/r1/started',
      'deploy/shop/production/r1/finished',
    ]);
    expect(deployFact({ ...report, report: 'started', time: start + 1 }).id).toBe(ids[0]);
  });

  test('only the server discovers', () => {
    const found = discoveredFact(
      { ...report, told: undefined, instances: [], since: start },
      start,
    );
    const placed = {
      id: '1',
      time: start,
      stream: 'facts',
      offset: 1,
      received: start,
      ...found,
    } as const;
    expect(toldBy({ ...placed, source: '/tokens/mallory' })).toBeUndefined();
    expect(toldBy({ ...placed, source: whereSource })).toMatchObject({ happened: 'discovered' });
  });

  test('any event is taken or left, and nothing throws', () => {
    const text = fc.constantFrom('shop', '', 'production', '1.0', '__proto__', 'constructor');
    const type = fc
      .constantFrom('service.deployed', 'service.__proto__', 'deployment.failed')
      .map((t) => `dev.cdevents.${t}.0.3.0`);
    fc.assert(
      fc.property(
        type,
        fc.record({ service: text, environment: text }),
        fc.jsonValue(),
        (t, fields, data) => {
          const world = new World();
          world.hear({
            type: t,
            ...fields,
            data: data as never,
            attributes: { 'service.version': '1' },
          });
          expect(world.judge(0).because).not.toBe('');
        },
      ),
    );
  });
});

test.each([
  ['1.2', 'v1.2', 'same'],
  ['1.2+build.7', '1.2', 'same'],
  ['1.2', '1.3', 'other'],
  ['release_412', 'release_411', 'other'],
  ['3f2a91c', '3f2a91c0d5e6f708192a3b4c5d6e7f8091a2b3c4', 'same'],
  ['3f2a91c', 'aaaa91c', 'other'],
  ['3f2a91c', '1.2', 'unlike'],
  ['20260501', '20260502', 'other'],
])('%s and %s are %s', (one, other, sameness) => {
  expect(compareNames([one], [other])).toBe(sameness);
});

test.each([
  ['pkg:generic/shop@1.2%2Bx', '1.2+x'],
  ['pkg:npm/%40acme/shop@1.2?arch=x', '1.2'],
  ['ghcr.io/acme/shop:1.2', '1.2'],
  ['localhost:5000/shop', undefined],
  ['shop@sha256:0123456789abcdef0123456789abcdef', '0123456789ab'],
  ['pkg:github/acme/shop@unknown', undefined],
  [7, undefined],
])('the version in %s is %s', (artifact, version) => {
  expect(versionIn(artifact)).toBe(version);
});
