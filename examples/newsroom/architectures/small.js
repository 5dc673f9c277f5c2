// @ts-check
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { thumbnailOf } from 'newsroom-service/thumbnail';

/** @typedef {import('newsroom-service/feed').FeedItem} FeedItem */

const withinMs = 30_000;
/** Pictures that are kept: each new one takes the place of the oldest. */
const shelf = 100;

/**
 * Downloads one clip or picture, makes a small picture of it, and publishes that. Both architectures do
 * this and nothing else; the processes' encoder does the same with the same thumbnailer.
 * @param {FeedItem} item
 * @param {{ store: string, place: number }} where `place`: the how manieth it is
 */
export async function makeSmall(item, { store, place }) {
  const folder = join(store, 'work');
  await mkdir(folder, { recursive: true });
  const part = join(folder, randomUUID());
  const file = `${place % shelf}.png`;
  try {
    const answer = await fetch(item.url, { signal: AbortSignal.timeout(withinMs) });
    if (!answer.ok) throw new Error(`${item.url} answers ${answer.status}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (item.type === 'image/png') {
      await writeFile(`${part}.png`, (await thumbnailOf(bytes, { width: 320 })).png);
    } else {
      await writeFile(part, bytes);
      const picture = ['-ss', '1', '-i', part, '-frames:v', '1', '-vf', 'scale=320:-2'];
      const quiet = ['-nostdin', '-y', '-v', 'error', '-threads', '1'];
      await promisify(execFile)('ffmpeg', [...quiet, ...picture, `${part}.png`], {
        timeout: withinMs,
      });
    }
    await rename(`${part}.png`, join(store, file));
    await appendFile(
      join(store, 'published.jsonl'),
      `${JSON.stringify({ guid: item.guid, title: item.title, file, at: Date.now() })}\n`,
    );
  } finally {
    await Promise.all([rm(part, { force: true }), rm(`${part}.png`, { force: true })]);
  }
}
