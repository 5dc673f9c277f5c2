import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyJson } from '../arbitrary.suite.ts';
import type { Json } from '../event.ts';
import { linksOf, maxLinks } from './links.ts';

const file = new URL('../../../test/vectors/cdevents/0.5.1.json', import.meta.url);
const examples = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Json>;
const other = { contextId: '5328c37f-bb7e-4bb7-84ea-9f5f85e4a7ce' };
const tags = { foo1: 'bar', foo2: 'bar' };

describe('the links of an event', () => {
  test('that are embedded have the event as their other end', () => {
    expect(linksOf({ id: 'me', data: examples['service_deployed'] ?? null })).toEqual({
      chainId: '4c8cb7dd-3448-41de-8768-eec704e2829b',
      links: [
        { type: 'RELATION', kind: 'TRIGGER', from: { contextId: 'me' }, to: other, tags },
        { type: 'PATH', from: other, to: { contextId: 'me' }, tags },
        { type: 'END', from: other, to: { contextId: 'me' }, tags },
      ],
    });
  });

  test.each<[string, Json, object]>([
    ['START', { start: other }, { type: 'START', to: other }],
    [
      'PATH',
      { from: { contextId: 'a' }, to: other },
      { type: 'PATH', from: { contextId: 'a' }, to: other },
    ],
    [
      'END',
      { from: { contextId: 'a' }, end: other },
      { type: 'END', from: { contextId: 'a' }, to: other },
    ],
    [
      'RELATION',
      { linkKind: 'TRIGGER', source: { contextId: 'a' }, target: { domainId: 'cdevents:v0:x' } },
      {
        type: 'RELATION',
        kind: 'TRIGGER',
        from: { contextId: 'a' },
        to: { domainId: 'cdevents:v0:x' },
      },
    ],
  ])('that came on their own: %s', (linkType, ends, link) => {
    const data = { chainId: 'c', linkType, timestamp: '2026-01-01T00:00:00Z', ...(ends as object) };
    expect(linksOf({ id: 'me', data })).toEqual({ chainId: 'c', links: [link] });
  });

  test('are none where there is nothing to join', () => {
    expect(linksOf({ id: 'me' })).toEqual({ links: [] });
    const links = [{ linkType: 'PATH' }, { linkType: 'SIDEWAYS', from: other }, null, 7];
    expect(linksOf({ id: 'me', data: { context: { links } } })).toEqual({ links: [] });
  });

  test('are bounded', () => {
    const links = Array.from({ length: maxLinks + 1 }, () => ({ linkType: 'PATH', from: other }));
    expect(linksOf({ id: 'me', data: { context: { links } } }).links).toHaveLength(maxLinks);
  });

  test('are found in anything without a throw', () => {
    fc.assert(
      fc.property(anyJson, anyJson, (a, b) => {
        for (const data of [a, { context: a }, { context: { links: [a, b], chainId: b } }])
          expect(linksOf({ id: 'me', data }).links).toBeInstanceOf(Array);
      }),
    );
  });
});
