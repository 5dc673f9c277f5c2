import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Message, type Position, readMessages } from './sse.ts';

async function* inChunks(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts, bytes.length].toSorted((a, b) => a - b)) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
}

async function read(text: string, cuts: readonly number[] = []): Promise<[Message[], Position]> {
  const position: Position = { id: '', retry: undefined };
  const messages: Message[] = [];
  for await (const message of readMessages(inChunks(Buffer.from(text), cuts), position))
    messages.push(message);
  return [messages, position];
}

const stream =
  'retry: 2000\nid: f0.r0\n\n: a comment\nid: f0.r1\ndata: {"a":"ü"}\n\nevent: skipped\r\ndata: one\r\ndata:two\r\n\r\n';

test('gives messages with their event, and remembers id and retry', async () => {
  const [messages, position] = await read(stream);
  expect(messages).toEqual([
    { event: 'message', data: '{"a":"ü"}' },
    { event: 'skipped', data: 'one\ntwo' },
  ]);
  expect(position).toEqual({ id: 'f0.r1', retry: 2000 });
});

test('half a message at the end is not given and does not move the position', async () => {
  const [messages, position] = await read('id: f0.r1\ndata: 1\n\nid: f0.r2\ndata: 2\n');
  expect(messages).toEqual([{ event: 'message', data: '1' }]);
  expect(position.id).toBe('f0.r1');
});

test('it does not matter where the network cuts', async () => {
  const [whole] = await read(stream);
  const length = Buffer.byteLength(stream);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: length }), { maxLength: 8 }),
      async (cuts) => {
        const [messages] = await read(stream, cuts);
        expect(messages).toEqual(whole);
      },
    ),
    { numRuns: 200 },
  );
});
