import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyDraft } from './arbitrary.suite.ts';
import type { Batch, Lines } from './batch.ts';
import { checkDraft } from './check.ts';
import { decodeBatch, decodeLine, encodeDrafts, encodeLine } from './codec.ts';
import { type Draft, type StreamName, streamNames, streamOf } from './event.ts';
import { identityOf } from './identity.ts';
import { defaultLimits } from './limits.ts';

const received = Date.UTC(2026, 5, 1);
const batchOf = (stream: StreamName, lines: Lines, first = 7): Batch => ({
  ...lines,
  stream,
  first,
  received,
});

test('a draft becomes one line, its fields in the order of Event', () => {
  const draft: Draft = {
    data: { b: 1, a: [] },
    metric: 0.1,
    source: '/b',
    type: 'metric',
    id: 'é',
  };
  const { readings, facts } = encodeDrafts([draft], '/a');
  expect(facts).toBeUndefined();
  expect(Buffer.from(readings?.bytes ?? []).toString()).toBe(
    '{"id":"é","type":"metric","source":"/b","metric":0.1,"data":{"b":1,"a":[]}}\n',
  );
  expect([...(readings?.identities ?? [])]).toEqual(identityOf('/b', 'é'));
});

test('what a line lacks is filled in from its place', () => {
  const lines = encodeDrafts([{ type: 'metric' }, { type: 'metric', source: '/a' }], '/a');
  expect(Buffer.from(lines.readings?.bytes ?? []).toString()).toBe('{"type":"metric"}\n'.repeat(2));
  expect([...(lines.readings?.identities ?? [])]).toEqual([0, 0, 0, 0]);
  expect(lines.readings && decodeBatch(batchOf('readings', lines.readings))).toEqual([
    {
      id: 'readings-7',
      time: received,
      type: 'metric',
      source: '/a',
      received,
      stream: 'readings',
      offset: 7,
    },
    {
      id: 'readings-8',
      time: received,
      type: 'metric',
      source: '/a',
      received,
      stream: 'readings',
      offset: 8,
    },
  ]);
});

test('a time may be stored as its sender wrote it', () => {
  const place = { stream: 'facts', offset: 3, received, source: '/a' } as const;
  const line = Buffer.from('{"id":"1","time":"2026-01-31T10:00:00.5+01:00","type":"x"}\n');
  expect(decodeLine(line, place).time).toBe(Date.UTC(2026, 0, 31, 9, 0, 0, 500));
});

describe('a broken batch', () => {
  const bytes = Buffer.from('{"type":"x"}\n{"type":\n');
  const broken = { stream: 'facts', first: 1, count: 2, received, source: '/a', bytes } as const;
  test('names its place', () => {
    expect(() => decodeBatch(broken)).toThrow(/facts 1 is broken: a line is not JSON/);
    const short = { ...broken, bytes: bytes.subarray(0, 13) };
    expect(() => decodeBatch(short)).toThrow(/holds 1 lines and says 2/);
  });
});

test('encode and decode give every draft back, in order, whatever it holds', () => {
  fc.assert(
    fc.property(fc.array(anyDraft, { maxLength: 20 }), (drafts) => {
      const encoded = encodeDrafts(drafts, '/default');
      for (const stream of streamNames) {
        const own = drafts.filter((draft) => streamOf(draft.type) === stream);
        const lines = encoded[stream];
        const back = lines ? decodeBatch(batchOf(stream, lines)) : [];
        const filled = own.map((draft, i) => ({
          id: `${stream}-${7 + i}`,
          time: received,
          source: '/default',
          ...draft,
          received,
          stream,
          offset: 7 + i,
        }));
        expect(back).toEqual(filled);
      }
    }),
  );
});

test('what was encoded is taken again as it is, and one line reads as the batch does', () => {
  fc.assert(
    fc.property(anyDraft, (draft) => {
      const line = encodeLine(draft, '/default');
      const checked = checkDraft(JSON.parse(line), defaultLimits, received);
      expect('draft' in checked && encodeLine(checked.draft, '/default')).toBe(line);
      const stream = streamOf(draft.type);
      const lines = encodeDrafts([draft], '/default')[stream];
      const place = { stream, offset: 7, received, source: '/default' };
      expect([decodeLine(line, place)]).toEqual(lines && decodeBatch(batchOf(stream, lines)));
    }),
  );
});
