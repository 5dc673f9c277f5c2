import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Delivery } from '../../rooms/releases/artefact/delivery.ts';
import { runnerErrors } from '../errors.ts';

/**
 * The command line by which an artefact is started, for `sh -c` in the folder of its files:
 * `start` of the manifest, else what its type has for it. Throws TERR_RUNNER_DELIVERY with what to
 * add to the manifest.
 */
export async function startLineOf(
  { type, start }: Pick<Delivery, 'type' | 'start'>,
  files: string,
): Promise<string> {
  if (start !== null) return start;
  if (type === 'node') return nodeStart(files);
  if (type === 'procfile') return procfileStart(files);
  throw runnerErrors(
    'DELIVERY',
    'nothing says how it is started: add "start: COMMAND" to territory.yaml (or "type: node" or "type: procfile") and build a new version',
  );
}

/** As `npm start` without npm: `node server.js` when there is no script but such a file. */
async function nodeStart(files: string): Promise<string> {
  const text = await readFile(join(files, 'package.json'), 'utf8').catch(() => undefined);
  const start = text === undefined ? undefined : scriptIn(text);
  // As npm does, so that what the application depends on is found by name.
  if (start !== undefined) return `PATH="$PWD/node_modules/.bin:$PATH"; ${start}`;
  const server = await readFile(join(files, 'server.js')).catch(() => undefined);
  if (server !== undefined) return 'exec node server.js';
  throw runnerErrors(
    'DELIVERY',
    'its package.json has no "start" among its scripts and there is no server.js: add "start: COMMAND" to territory.yaml, or a start script, and build a new version',
  );
}

function scriptIn(text: string): string | undefined {
  try {
    const { scripts } = JSON.parse(text) as { scripts?: { start?: unknown } };
    const start = scripts?.start;
    return typeof start === 'string' && start.trim() !== '' ? start : undefined;
  } catch {
    return undefined;
  }
}

async function procfileStart(files: string): Promise<string> {
  const text = await readFile(join(files, 'Procfile'), 'utf8').catch(() => undefined);
  const web = /^web[ \t]*:[ \t]*(\S.*)$/m.exec(text ?? '')?.[1]?.trim();
  if (web !== undefined) return web;
  throw runnerErrors(
    'DELIVERY',
    `its Procfile ${text === undefined ? 'is not there' : 'has no line "web: COMMAND"'}: add it, or "start: COMMAND" to territory.yaml, and build a new version`,
  );
}
