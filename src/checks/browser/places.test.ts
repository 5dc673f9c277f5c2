import { expect, test } from 'vitest';
import { Places } from './places.ts';

const never = new AbortController().signal;

test('so many at once; the others wait in line', async () => {
  const places = new Places(2);
  const came: string[] = [];
  const come = async (name: string, signal = never): Promise<() => void> => {
    const leave = await places.enter(signal);
    came.push(name);
    return leave;
  };
  const [a, b] = [await come('a'), await come('b')];
  const c = come('c');
  const d = come('d');
  await Promise.resolve();
  expect(came).toEqual(['a', 'b']);
  a();
  // To leave twice frees no second place.
  a();
  const leaveC = await c;
  expect(came).toEqual(['a', 'b', 'c']);
  b();
  await d;
  expect(came).toEqual(['a', 'b', 'c', 'd']);
  leaveC();
});

test('who gives up waiting leaves the line', async () => {
  const places = new Places(1);
  const leave = await places.enter(never);
  const patience = new AbortController();
  const waiting = places.enter(patience.signal);
  const behind = places.enter(never);
  patience.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  leave();
  await expect(behind).resolves.toBeTypeOf('function');
  await expect(places.enter(patience.signal)).rejects.toThrow('enough');
});
