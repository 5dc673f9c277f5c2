import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Lanes, type Place, noPlace } from './lanes.ts';

const forEver = 1_000_000;
const at = (target: string, isAlone = false): Place => ({ target: `http://${target}`, isAlone });

/** Work that goes on until it is let go. */
function works(lanes: Lanes) {
  const running = new Map<string, () => void>();
  const ended: Promise<unknown>[] = [];
  return {
    begin: (name: string, place: Place, patience = forEver) => {
      const work = async (): Promise<string> =>
        new Promise((done) => void running.set(name, () => done(name)));
      const end = lanes.run(place, patience, work);
      ended.push(end);
      return end;
    },
    end: async (name: string) => {
      running.get(name)?.();
      running.delete(name);
      await turn();
    },
    running: async () => {
      await turn();
      return [...running.keys()].join(' ');
    },
  };
}

test('a target has so many places, and others are not kept by it', async () => {
  const { begin, end, running } = works(new Lanes({ target: 2 }));
  for (const name of ['a1', 'a2', 'a3', 'a4']) void begin(name, at('a'));
  void begin('b1', at('b'));
  expect(await running()).toBe('a1 a2 b1');
  await end('a1');
  expect(await running()).toBe('a2 b1 a3');
});

test('so has a host, whatever the port, and so have all together', async () => {
  const { begin, end, running } = works(new Lanes({ host: 2, all: 3 }));
  for (const port of [1, 2, 3]) void begin(`a${port}`, at(`a:${port}`));
  void begin('b', at('b'));
  void begin('c', at('c'));
  expect(await running()).toBe('a1 a2 b');
  await end('b');
  expect(await running()).toBe('a1 a2 c');
  await end('a1');
  expect(await running()).toBe('a2 c a3');
});

test('what measures is alone at its target', async () => {
  const { begin, end, running } = works(new Lanes());
  void begin('a1', at('a'));
  void begin('m1', at('a', true));
  void begin('m2', at('a', true));
  void begin('a2', at('a'));
  void begin('b', at('b', true));
  expect(await running()).toBe('a1 b');
  await end('a1');
  expect(await running()).toBe('b m1');
  await end('m1');
  expect(await running()).toBe('b m2');
  await end('m2');
  expect(await running()).toBe('b a2');
});

test('who has waited too long goes, and lets those after it in', async () => {
  const { begin, end, running } = works(new Lanes());
  void begin('a1', at('a'));
  const late = begin('m', at('a', true), 1);
  void begin('a2', at('a'));
  expect(await late).toBe(noPlace);
  expect(await running()).toBe('a1 a2');
  await end('a1');
  await end('a2');
});

test('what breaks gives its place back', async () => {
  const lanes = new Lanes({ target: 1 });
  const broken = lanes.run(at('a'), forEver, async () => Promise.reject(new Error('broken')));
  await expect(broken).rejects.toThrow('broken');
  expect(await lanes.run(at('a'), forEver, async () => Promise.resolve('ok'))).toBe('ok');
});

test('what asks nobody needs a place of all only', async () => {
  const { begin, running } = works(new Lanes({ target: 1, host: 1, all: 3 }));
  for (const name of ['x', 'y', 'z', 'no']) void begin(name, { target: undefined, isAlone: true });
  expect(await running()).toBe('x y z');
});
