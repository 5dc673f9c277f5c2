import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyDraft } from './arbitrary.suite.ts';
import { checkDraft } from './check.ts';
import { decodeBatch, encodeLine } from './codec.ts';
import { type Draft, type StreamName, streamOf } from './event.ts';
import type { Gathered, GatherOptions } from './gathering.ts';
import { identityOf } from './identity.ts';
import { defaultLimits } from './limits.ts';
import { NdjsonReader, readNdjson } from './ndjson.ts';

const now = Date.UTC(2026, 5, 1);
const options: GatherOptions = { source: '/tokens/t', limits: defaultLimits, now };
const read = (text: string, more: Partial<GatherOptions> = {}): Gathered =>
  readNdjson(Buffer.from(text), { ...options, ...more });

/** The events of one stream as they would leave the log. */
function events(gathered: Gathered, stream: StreamName): Draft[] {
  const lines = gathered[stream];
  if (lines === undefined) return [];
  const batch = decodeBatch({ ...lines, stream, first: 1, received: now });
  return batch.map(({ offset: _o, stream: _s, received: _r, ...event }) => event);
}

const types = (gathered: Gathered, stream: StreamName): string[] =>
  events(gathered, stream).map((event) => event.type);

test('a body of plain lines of one stream is taken as it is, without a copy', () => {
  const body = Buffer.from('{"type":"metric","metric":1}\n{"type":"log","id":"a"}\n');
  const { readings, facts, refused } = readNdjson(body, options);
  expect(readings?.bytes.buffer).toBe(body.buffer);
  expect(readings?.bytes).toEqual(body);
  expect(readings?.count).toBe(2);
  expect([...(readings?.identities ?? [])]).toEqual([0, 0, ...identityOf('/tokens/t', 'a')]);
  expect(facts).toBeUndefined();
  expect(refused).toBe(0);
});

test('good lines are kept, bad ones reported by their number', () => {
  const found = read(
    [
      '{"type":"a"}',
      '',
      '{"type":"b",}',
      '  ',
      '{"metric":1}',
      '{"type":"c","metric":"1"}',
      '[1]',
      String.raw`{"type":"d\u00e4","data":{"x":"\n"}}`,
      '{"type":"e","time":5}',
    ].join('\n'),
  );
  expect(types(found, 'readings')).toEqual(['a', 'dä']);
  expect(found.refused).toBe(5);
  expect(found.refusals.map(({ line, field, code }) => [line, field, code])).toEqual([
    [3, '', 'TERR_EVENT_JSON'],
    [5, 'type', 'TERR_EVENT_FIELD'],
    [6, 'metric', 'TERR_EVENT_FIELD'],
    [7, '', 'TERR_EVENT_JSON'],
    [9, 'time', 'TERR_EVENT_TIME'],
  ]);
  expect(found.refusals[0]?.message).toBe(
    'the line is not JSON: at column 13 a name in quotes was expected',
  );
  expect(Object.fromEntries(found.refusedBy)).toEqual({
    TERR_EVENT_JSON: 2,
    TERR_EVENT_FIELD: 2,
    TERR_EVENT_TIME: 1,
  });
});

test('facts and readings part, each in order', () => {
  const found = read(
    '{"type":"dev.cdeventsx.territory-card.moved.0.1.0","id":"1"}\n{"type":"log"}\n{"type":"dev.cdevents.x","id":"2"}\n{"type":"dev.cdeventsy"}\n',
  );
  expect(events(found, 'facts').map((event) => event.id)).toEqual(['1', '2']);
  expect(types(found, 'readings')).toEqual(['log', 'dev.cdeventsy']);
});

test.each([
  ['CR LF', '{"type":"a"}\r\n{"type":"b"}\r\n'],
  ['no end of the last line', '{"type":"a"}\n{"type":"b"}'],
  ['a byte order mark', '\ufeff{"type":"a"}\n{"type":"b"}\n'],
  ['blank lines', '\n\r\n{"type":"a"}\n\t\n{"type":"b"}\n\n'],
  ['space around and within', ' { "type" : "a" } \n{"type": "b"}\t\r\n'],
])('takes %s', (_, text) => {
  const found = read(text);
  expect(found.refused).toBe(0);
  expect(types(found, 'readings')).toEqual(['a', 'b']);
  expect(Buffer.from(found.readings?.bytes ?? []).toString()).not.toMatch(/[\r\ufeff]|\n\n/);
});

test('a line that is not UTF-8 is refused and its neighbours are kept', () => {
  const body = Buffer.concat([
    Buffer.from('{"type":"ä"}\n{"type":"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}\n{"type":"b"}\n'),
  ]);
  const found = readNdjson(body, options);
  expect(types(found, 'readings')).toEqual(['ä', 'b']);
  expect(found.refusals).toMatchObject([{ line: 2, message: expect.stringContaining('UTF-8') }]);
});

test('a line over the limit is refused whether plain or not, and its neighbours are kept', () => {
  const limits = { ...defaultLimits, eventBytes: 100 };
  const long = 'x'.repeat(100);
  const found = read(
    `{"type":"a"}\n{"type":"b","name":"${long}"}\n{"type":"\\n","name":"${long}"}\n{"type":"c"}\n`,
    { limits },
  );
  expect(types(found, 'readings')).toEqual(['a', 'c']);
  expect(found.refusals.map(({ line, code }) => [line, code])).toEqual([
    [2, 'TERR_EVENT_TOO_LARGE'],
    [3, 'TERR_EVENT_TOO_LARGE'],
  ]);
});

test('tells 100 refusals and counts all', () => {
  const found = read('nonsense\n'.repeat(1000));
  expect(found.refusals.length).toBe(100);
  expect(found.refused).toBe(1000);
});

test('asks about each event, plain or not, and refuses what is forbidden', () => {
  const forbid: GatherOptions['forbid'] = (type, source) =>
    type === 'metric' && source === '/ok'
      ? undefined
      : { field: 'type', code: 'X', message: `${type} ${source}` };
  const found = read(
    [
      '{"type":"metric","source":"/ok"}',
      '{"type":"metric"}',
      '{"type":"lo\\u0067","source":"/ok"}',
      '{"type":"metric","source":"/o\\u006b"}',
    ].join('\n'),
    { forbid },
  );
  expect(found.readings?.count).toBe(2);
  expect(found.refusals.map(({ line, message }) => [line, message])).toEqual([
    [2, 'metric /tokens/t'],
    [3, 'log /ok'],
  ]);
});

test('shows each good fact to the one that marks facts', () => {
  const markFact = (fact: Draft): Draft => ({ ...fact, attributes: { marked: 'yes' } });
  const found = read('{"type":"dev.cdevents.x","id":"1"}\n{"type":"metric"}\n', { markFact });
  expect(events(found, 'facts')[0]?.attributes).toEqual({ marked: 'yes' });
  expect(events(found, 'readings')[0]?.attributes).toBeUndefined();
});

test('reads in steps', () => {
  const reader = new NdjsonReader(Buffer.from('{"type":"a"}\n'.repeat(10)), options);
  expect(reader.read(4)).toBe(true);
  expect(reader.gathering.count).toBe(4);
  expect(reader.read(6)).toBe(false);
  expect(reader.gathering.result().readings?.count).toBe(10);
});

describe('whatever the bytes', () => {
  const expected = (drafts: readonly Draft[], stream: StreamName): Draft[] =>
    drafts
      .filter((draft) => streamOf(draft.type) === stream)
      .map((draft, i) => ({
        ...(JSON.parse(encodeLine(draft, '')) as Draft),
        id: draft.id ?? `${stream}-${i + 1}`,
        time: draft.time ?? now,
        source: draft.source ?? options.source,
      }));

  test('good events are all taken, equal and with their identities', () => {
    fc.assert(
      fc.property(fc.array(anyDraft, { maxLength: 8 }), (drafts) => {
        const found = read(drafts.map((draft) => `${JSON.stringify(draft)}\n`).join(''));
        expect(found.refusals).toEqual([]);
        for (const stream of ['facts', 'readings'] as const) {
          expect(events(found, stream)).toEqual(expected(drafts, stream));
          const own = drafts.filter((draft) => streamOf(draft.type) === stream);
          expect([...(found[stream]?.identities ?? [])]).toEqual(
            own.flatMap((draft) => identityOf(draft.source ?? options.source, draft.id)),
          );
        }
      }),
    );
  });

  test('damaged lines are taken exactly when the slow path alone would take them', () => {
    const byte = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(...Buffer.from('{}[]",:\\0-.e \n\r')),
    );
    const damage = fc.array(fc.tuple(fc.nat(), byte), { maxLength: 2 });
    let taken = 0;
    fc.assert(
      fc.property(fc.array(anyDraft, { minLength: 1, maxLength: 4 }), damage, (drafts, edits) => {
        const body = Buffer.from(drafts.map((draft) => `${JSON.stringify(draft)}\n`).join(''));
        for (const [place, value] of edits) body[place % body.length] = value;
        const found = readNdjson(Buffer.from(body), options);
        const slow = slowly(body);
        taken += slow.length;
        for (const stream of ['facts', 'readings'] as const)
          expect(events(found, stream)).toEqual(expected(slow, stream));
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  /** What line by line decoding, JSON.parse and checkDraft make of a body. */
  function slowly(body: Buffer): Draft[] {
    return [...splitLines(body)].flatMap((line) => {
      try {
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
        const checked = checkDraft(JSON.parse(text), defaultLimits, now);
        return 'draft' in checked ? [checked.draft] : [];
      } catch {
        return [];
      }
    });
  }

  function* splitLines(body: Buffer): Generator<Buffer> {
    for (let start = 0; start < body.length;) {
      const found = body.indexOf(10, start);
      const end = found < 0 ? body.length : found;
      yield body.subarray(start, end);
      start = end + 1;
    }
  }
});
