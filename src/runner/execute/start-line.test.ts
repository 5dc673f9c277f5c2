import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startLineOf } from './start-line.ts';

const node = '{"scripts": {"start": "node server.mjs --port $PORT"}}';

test.each([
  ['bare', 'exec ./run', {}, 'exec ./run'],
  ['node', 'exec ./run', { 'package.json': node }, 'exec ./run'],
  [
    'node',
    null,
    { 'package.json': node },
    'PATH="$PWD/node_modules/.bin:$PATH"; node server.mjs --port $PORT',
  ],
  ['node', null, { 'package.json': '{}', 'server.js': '' }, 'exec node server.js'],
  ['procfile', null, { Procfile: 'worker: x\nweb: bundle exec puma\n' }, 'bundle exec puma'],
] as const)('%s, start %j, files %j: %s', async (type, start, files, line) => {
  expect(await lineOf(type, start, files)).toBe(line);
});

test.each([
  ['bare', {}, 'add "start: COMMAND" to territory.yaml'],
  ['node', { 'package.json': '{' }, 'has no "start" among its scripts'],
  ['node', { 'package.json': '{"scripts": {"start": 1}}' }, 'has no "start" among its scripts'],
  ['procfile', {}, 'its Procfile is not there'],
  ['procfile', { Procfile: 'worker: x\n' }, 'has no line "web: COMMAND"'],
] as const)('%s with %j can not be started: %s', async (type, files, why) => {
  await expect(lineOf(type, null, files)).rejects.toThrow(why);
});

async function lineOf(
  type: 'node' | 'procfile' | 'bare',
  start: string | null,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'territory-start-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  try {
    return await startLineOf({ type, start }, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
