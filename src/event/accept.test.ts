import { expect, test } from 'vitest';
import { acceptEvent } from './accept.ts';
import { defaultLimits } from './limits.ts';

const accept = (value: unknown) => acceptEvent(value, defaultLimits, Date.UTC(2026, 5, 1));

test('our own shape, a CloudEvent and a bare CDEvent are told apart', () => {
  expect(accept({ type: 'metric', metric: 1 })).toEqual({ draft: { type: 'metric', metric: 1 } });
  expect(accept({ specversion: '1.0', id: '1', source: '/', type: 'a', x: true })).toMatchObject({
    draft: { attributes: { x: 'true' } },
  });
  const type = 'dev.cdevents.change.merged.0.3.0';
  const context = { id: '1', type, source: '/git', timestamp: '2026-05-01T00:00:00Z' };
  const body = { context, subject: { id: 'c/1' } };
  expect(accept(body)).toEqual({
    draft: {
      id: '1',
      time: Date.UTC(2026, 4, 1),
      type,
      source: '/git',
      subject: 'c/1',
      data: body,
    },
  });
});

test('each is refused in its own words', () => {
  expect(accept({ specversion: '0.3', type: 'a' })).toMatchObject({
    refusal: { field: 'specversion' },
  });
  expect(accept({ context: { type: 'build' }, subject: {} })).toMatchObject({
    refusal: { field: 'context' },
  });
  expect(accept(null)).toMatchObject({ refusal: { code: 'TERR_EVENT_JSON' } });
});
