import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { until } from './api.suite.ts';
import { quiet, scratch, serve } from './server.suite.ts';

const rounds = 5;
/** Lines of a file before it is rotated away. */
const perFile = 2_000;

test(`${rounds} kills while files are followed and rotated: each line once`, async () => {
  const [dir, logs] = [scratch(), scratch()];
  const path = join(logs, 'shop.log');
  writeFileSync(path, '');
  const tail = JSON.stringify([{ path, from: 'start' }]);
  const flags = [...quiet, '--intakes.files.tail', tail, '--intakes.files.interval', '50ms'];
  const lines: string[] = [];
  let writing = true;
  // What was rotated away before anybody ever looked would not be followed.
  const first = await serve({ dir, flags });
  writeFileSync(path, 'first\n');
  lines.push('first');
  const tailed = await first.tail('?stream=readings&from=start');
  await until(() => tailed.seen.some(({ event }) => event.data === 'first'), 30, 'it is followed');
  tailed.close();
  const writer = (async () => {
    while (writing) {
      const burst = Array.from({ length: 200 }, (_, i) => `line ${lines.length + i}`);
      lines.push(...burst);
      appendFileSync(path, `${burst.join('\n')}\n`);
      if ((lines.length - 1) % perFile === 0) {
        renameSync(path, `${path}.${(lines.length - 1) / perFile}`);
        writeFileSync(path, '');
      }
      // oxlint-disable-next-line no-await-in-loop -- it writes all the time, and not all at once
      await wait(25);
    }
  })();
  for (let round = 1; round <= rounds; round++) {
    // oxlint-disable no-await-in-loop -- one life after the other
    const server = round === 1 ? first : await serve({ dir, flags });
    await wait(200 + Math.random() * 800);
    await server.stop('SIGKILL');
    // oxlint-enable no-await-in-loop
  }
  writing = false;
  await writer;
  const server = await serve({ dir, flags });
  const followed = await server.tail('?stream=readings&from=start');
  const texts = () =>
    followed.seen
      .filter(({ event }) => event.source === '/files')
      .map(({ event }) => String(event.data));
  await until(() => texts().length >= lines.length, 60, 'all lines were read');
  const order = (all: readonly string[]) => all.toSorted((a, b) => (a < b ? -1 : 1));
  expect(order(texts())).toEqual(order(lines));
  followed.close();
}, 120_000);
