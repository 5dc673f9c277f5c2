import { setTimeout as wait } from 'node:timers/promises';
import type { Excerpt } from './result.ts';
import type { World } from './world.ts';

/** ms that a picture may take. */
const mostTime = 5000;

/** Headers whose values are nobody's business. */
const secretHeaders = new Set(['set-cookie', 'authorization', 'proxy-authorization']);

/** What is kept of the last answer, without secrets. */
export function excerptOf(world: World): Excerpt | undefined {
  if (!world.answer) return undefined;
  const { url, status, headers, body } = world.answer;
  const shown = Object.entries(headers).flatMap(([name, value = []]): [string, string][] => {
    if (value.length === 0) return [];
    if (secretHeaders.has(name)) return [[name, '***']];
    return [[name, world.told([value].flat().join(', '))]];
  });
  return {
    url: world.told(url),
    status,
    headers: Object.fromEntries(shown),
    body: world.told(body),
  };
}

/** A picture of what was seen when a step failed, where its steps can take one. */
export async function pictureOf({ picture }: World): Promise<Uint8Array | undefined> {
  if (!picture) return undefined;
  return Promise.race([
    picture().catch(() => undefined),
    wait(mostTime, undefined, { ref: false }),
  ]);
}
