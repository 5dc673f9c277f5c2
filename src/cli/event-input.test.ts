import { expect, test } from 'vitest';
import { type InputParcel, readEvents } from './event-input.ts';

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function read(...texts: readonly string[]): Promise<InputParcel[]> {
  const parcels: InputParcel[] = [];
  for await (const parcel of readEvents(chunks(...texts), 'run-'))
    if (parcel.lines.length > 0) parcels.push(parcel);
  return parcels;
}

test('gives NDJSON with line numbers; blank lines count and are not sent', async () => {
  const [parcel] = await read('{"id":"a","type":"t"}\n\n{"type":"t"}\n');
  expect(parcel?.lines).toEqual(['{"id":"a","type":"t"}', '{"id":"run-3","type":"t"}']);
  expect(parcel?.places).toEqual([1, 3]);
});

test('sends what has come, and keeps half a line for the next chunk', async () => {
  const parcels = await read('{"id":"a"}\n{"id"', ':"b"}\n{"id":"c"}');
  expect(parcels.map(({ lines }) => lines)).toEqual([
    ['{"id":"a"}'],
    ['{"id":"b"}'],
    ['{"id":"c"}'],
  ]);
  expect(parcels.flatMap(({ places }) => places)).toEqual([1, 2, 3]);
});

test.each([
  ['{}', '{"id":"run-1"}'],
  ['{ "type":"t"}', '{"id":"run-1","type":"t"}'],
  ['{"data":{"id":1}}', '{"id":"run-1","data":{"id":1}}'],
  ['{"type":"t","\\u0069d":"mine"}', '{"type":"t","\\u0069d":"mine"}'],
  ['not json', 'not json'],
  ['[1]x', '[1]x'],
  ['7', '7'],
])('an id is put in front of %s only where it belongs', async (line, sent) => {
  const [, second] = (await read(`{"id":"first"}\n`, `${line}\n`)).flatMap(({ lines }) => lines);
  expect(second).toBe(sent.replace('run-1', 'run-2'));
});

test('reads an array by items, and one object over several lines', async () => {
  const [array] = await read(' [{"type":"a"},', '{"type":"b"}]');
  expect(array).toEqual({
    lines: ['{"id":"run-1","type":"a"}', '{"id":"run-2","type":"b"}'],
    places: [1, 2],
    place: 'item',
  });
  const [object] = await read('{\n  "type": "a"\n}\n');
  expect(object?.lines).toEqual(['{"id":"run-1","type":"a"}']);
});

test('a broken document is refused in words', async () => {
  await expect(read('[{"type":"a"},')).rejects.toMatchObject({ code: 'TERR_CLI_INPUT' });
});

test('multi-byte characters may be cut by chunks', async () => {
  const bytes = Buffer.from('{"id":"ü"}\n');
  const parcels: InputParcel[] = [];
  async function* cut(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, 8);
    yield bytes.subarray(8);
  }
  for await (const parcel of readEvents(cut(), '')) parcels.push(parcel);
  expect(parcels.flatMap(({ lines }) => lines)).toEqual(['{"id":"ü"}']);
});
