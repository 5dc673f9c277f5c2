import { expect, test } from 'vitest';
import { errorOf } from './courier.ts';
import { Answers } from './answers.ts';

function make() {
  const written: string[] = [];
  const answers = new Answers(
    (bytes) => written.push(Buffer.from(bytes).toString()),
    (cause) => written.push(`broken: ${String(cause)}`),
  );
  return { written, answers };
}

const say = (text: string) => (failure: Error | undefined) =>
  Buffer.from(failure ? `${text}!` : text);

test('an answer waits for the batches that hold what it answers', () => {
  const { written, answers } = make();
  answers.add(say('a'), 1, 1);
  answers.add(say('b'), 1, 2);
  answers.give();
  expect(written).toEqual([]);
  answers.settled(1, undefined);
  answers.give();
  expect(written).toEqual(['a']);
  answers.settled(2, undefined);
  answers.give();
  expect(written).toEqual(['a', 'b']);
  expect(answers.done).toBe(true);
});

test('a failure is told to those it concerns, and to no others', () => {
  const { written, answers } = make();
  answers.add(say('a'), 1, 1);
  answers.add(say('b'), 2, 3);
  answers.add(say('c'), 4, 4);
  answers.settled(1, undefined);
  answers.settled(2, errorOf({ code: 'TERR_LOG_FULL', message: 'full' }));
  answers.settled(3, undefined);
  answers.settled(4, undefined);
  answers.give();
  expect(written).toEqual(['ab!c']);
});

test('who never asks for an answer does not fill the memory with failures', () => {
  const { written, answers } = make();
  const full = errorOf({ code: 'TERR_LOG_FULL', message: 'full' });
  for (let seq = 1; seq <= 5_000; seq++) answers.settled(seq, full);
  expect(answers.failures).toBe(1_000);
  answers.add(say('last'), 5_000, 5_000);
  answers.give();
  expect(written).toEqual(['last!']);
});

test('an answer that must be computed holds up those behind it', async () => {
  const { written, answers } = make();
  let go: (bytes: Buffer) => void = () => undefined;
  answers.add(() => new Promise((resolve) => (go = resolve)), 1, 0);
  answers.add(say('after'), 1, 0);
  answers.give();
  expect(written).toEqual([]);
  expect(answers.done).toBe(false);
  go(Buffer.from('asked'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toEqual(['asked', 'after']);
});
