import { expect, test } from 'vitest';
import type { Draft } from '../../event/event.ts';
import { Callers } from './edges.ts';
import { JsonInput } from './fields.ts';
import { decodeTraces } from './traces.ts';

interface Made {
  readonly service: string;
  readonly kind: number;
  readonly id: string;
  readonly parent?: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly more?: object;
}

const pairs = (values: Readonly<Record<string, string | number>>) =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  }));

const resourceSpan = ({ service, kind, id, parent, attributes = {}, more }: Made) => ({
  resource: { attributes: pairs({ 'service.name': service }) },
  scopeSpans: [
    {
      spans: [
        {
          traceId: '0af7651916cd43dd8448eb211c80319c',
          spanId: id.repeat(16),
          ...(parent !== undefined && { parentSpanId: parent.repeat(16) }),
          name: `span ${id}`,
          kind,
          startTimeUnixNano: '1795391936000000001',
          endTimeUnixNano: '1795391936001500001',
          attributes: pairs(attributes),
          ...more,
        },
      ],
    },
  ],
});

function decode(spans: readonly Made[], callers = new Callers()): Draft[] {
  const input = new JsonInput({ resourceSpans: spans.map(resourceSpan) });
  const all = [...decodeTraces({ input, callers, seen: () => undefined })];
  return all.map((one) => {
    if ('refused' in one) throw new Error(one.refused.message);
    return one;
  });
}

const edges = (events: readonly Draft[]) =>
  events.map(({ attributes }) => {
    const at = (name: string): string => attributes?.[name] ?? '?';
    return `${at('client.service')} -> ${at('server.service')} by ${at('server.service.from')}`;
  });

const call: Made = {
  service: 'shop',
  kind: 3,
  id: '1',
  attributes: { 'server.address': 'pay:80' },
};
const answered: Made = { service: 'payments', kind: 2, id: '2', parent: '1' };

test('a parent may stand behind its child in one body', () => {
  expect(edges(decode([answered, call]))).toEqual([
    'shop -> payments by resource',
    'shop -> payments by trace',
  ]);
});

test('or come later: then the caller learns who answered', () => {
  const callers = new Callers();
  expect(edges(decode([answered], callers))).toEqual(['? -> payments by resource']);
  expect(edges(decode([call], callers))).toEqual(['shop -> payments by trace']);
});

test('an address is what is known of whom nobody answers for', () => {
  expect(decode([call])[0]?.attributes).toMatchObject({
    'server.service': 'pay:80',
    'server.service.is': 'address',
    'server.service.from': 'server.address',
  });
});

test('a span within a service has no edge, and times to the nanosecond', () => {
  const [inner] = decode([{ service: 'shop', kind: 1, id: '3' }]);
  expect(inner).toMatchObject({ type: 'span', metric: 1.5, time: 1795391936001 });
  expect(inner?.attributes).not.toHaveProperty('client.service');
});

test.each([
  [2, 200, 'ok'],
  [2, 404, 'ok'],
  [3, 404, 'critical'],
  [2, 503, 'critical'],
])('of kind %i, answered with %i, it is %s', (kind, code, state) => {
  const attributes = { 'http.response.status_code': code };
  expect(decode([{ service: 'shop', kind, id: '1', attributes }])).toMatchObject([{ state }]);
});

test('what happened within it is kept, as far as there is room', () => {
  const event = { timeUnixNano: '1795391936000500000', name: 'exception' };
  const events = Array.from({ length: 40 }, () => ({
    ...event,
    attributes: pairs({ 'exception.type': 'TypeError' }),
  }));
  const [one] = decode([{ service: 'shop', kind: 1, id: '1', more: { events } }]);
  const { events: kept } = Object(one?.data) as { events: unknown[] }; // as `dataOf` makes it
  expect(kept).toHaveLength(32);
  expect(kept[0]).toEqual({
    time: 1795391936000,
    name: 'exception',
    attributes: { 'exception.type': 'TypeError' },
  });
});

test('what does not fit into an event is left off and counted, long texts are cut', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`a${i}`, 'x']));
  const attributes = { long: 'y'.repeat(9_000), ...many };
  const more = { droppedAttributesCount: 5 };
  const [one] = decode([{ service: 'shop', kind: 1, id: '1', attributes, more }]);
  const kept = one?.attributes ?? {};
  expect(Object.keys(kept)).toHaveLength(128);
  expect(kept['otel.dropped_attributes_count']).toBe(String(5 + 301 - (127 - 4)));
  expect(kept['long']).toMatch(/^y{8191}…$/);
});
