import { afterEach, expect, test } from 'vitest';
import { sheetOf } from '../../../rooms/map/picture/sheet.ts';
import { sizedMap } from '../../../rooms/map/sized-map.suite.ts';
import { compiled } from './drawings.suite.ts';
import { LayoutThread } from './layout-thread.ts';

const small = sheetOf(compiled(sizedMap(20).text), []);
const large = sheetOf(compiled(sizedMap(500).text), '*');
const threads: LayoutThread[] = [];

afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.close();
});

function start(patience?: number): LayoutThread {
  const thread = new LayoutThread(patience);
  threads.push(thread);
  return thread;
}

test('what is ended in the middle is told, and the next one is drawn all the same', async () => {
  const thread = start();
  const [broken] = await Promise.allSettled([thread.draw(large, 'large'), thread.close()]);
  expect(broken).toMatchObject({ reason: { message: 'the thread of the layout ended' } });
  expect(await thread.draw(small, 'small')).toMatchObject({ hash: 'small' });
});

test('what takes too long is given up and told, each for itself', async () => {
  const thread = start(1);
  await expect(thread.draw(large, 'large')).rejects.toThrow('longer than 1 ms');
  await expect(thread.draw(small, 'small')).rejects.toThrow('longer than 1 ms');
});
