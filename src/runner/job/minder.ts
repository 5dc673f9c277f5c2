/**
 * The process that minds one job, started with the folder of the job; its environment and secrets
 * come by standard input, so that they are in no file and in no arguments. It is in a session of its
 * own and ends when the result of the job is written.
 */
import { text } from 'node:stream/consumers';
import type { Whispered } from './folder.ts';
import { mind } from './minding.ts';

// Whoever is to be stopped is the job, and that is asked by a file.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const [folder = ''] = process.argv.slice(2);
const whispered = parseWhole(await text(process.stdin));
// A starter that was killed while it told us: then nothing was started, and the next one starts it.
if (whispered !== undefined) await mind(folder, whispered);

/** Its errors would quote what they could not read. */
function parseWhole(said: string): Whispered | undefined {
  try {
    return JSON.parse(said) as Whispered;
  } catch {
    return undefined;
  }
}
