import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type LoadedMap, MapFile, textHash } from './map-file.ts';

const map = (node: string, more = ''): string =>
  `schema: territory.map/1\n${more}nodes:\n  ${node}: {quadrant: pipeline, kind: app}\n`;

/** As editors do: a new file in the place of the old one. */
function put(path: string, text: string): void {
  writeFileSync(`${path}~`, text);
  renameSync(`${path}~`, path);
}

/** A map's file that is watched; `onLoad` may be given to act while it is taken in. */
async function watched(
  text: string | undefined,
  onLoad: (path: string, loaded: LoadedMap) => void = () => undefined,
) {
  const dir = mkdtempSync(join(tmpdir(), 'territory-map-file-'));
  const path = join(dir, 'map.yaml');
  if (text !== undefined) put(path, text);
  const loads: string[] = [];
  const problems: unknown[] = [];
  const file = new MapFile({
    path,
    onLoad: async (loaded, by) => {
      onLoad(path, loaded);
      loads.push(`${[...(loaded.model?.nodes.keys() ?? ['none'])].join(',')} by ${by}`);
    },
    onProblem: (error) => problems.push(error),
  });
  onTestFinished(async () => {
    await file.stop();
    rmSync(dir, { recursive: true });
  });
  await file.start();
  return { file, dir, path, loads, problems };
}

const soon = { timeout: 20_000, interval: 20 };

test('what is saved while the save before it is taken in is read as well', async () => {
  let isFirst = true;
  const { loads } = await watched(map('a'), (path) => {
    if (isFirst) put(path, map('b'));
    isFirst = false;
  });
  await vi.waitFor(() => expect(loads).toEqual(['a by file', 'b by file']), soon);
});

test('a file to import that comes later is read when it is there', async () => {
  const { file, dir, loads } = await watched(map('a', 'import: [more.yaml]\n'));
  expect(file.loaded.faults[0]?.message).toContain('more.yaml');
  put(join(dir, 'more.yaml'), 'app: shop\n');
  await vi.waitFor(() => expect(loads.at(-1)).toMatch(/a.*shop|shop.*a/), soon);
});

test('a save that is not taken leaves the file as it was, and says so', async () => {
  let full = false;
  const refuse = (): void => {
    if (full) throw new Error('the log is full');
  };
  const { file, path } = await watched(map('a'), refuse);
  full = true;
  await expect(file.save(map('b'), textHash(map('a')), 'ada')).rejects.toThrow('the log is full');
  expect(readFileSync(path, 'utf8')).toBe(map('a'));
  full = false;
  await file.save(map('b'), textHash(map('a')), 'ada');
  expect(readFileSync(path, 'utf8')).toBe(map('b'));
});

test('a file that was not there is not there after a save that is not taken', async () => {
  const { file, path } = await watched(undefined, (_, { text }) => {
    if (text !== undefined) throw new Error('the log is full');
  });
  await expect(file.save(map('b'), '', 'ada')).rejects.toThrow('the log is full');
  expect(() => readFileSync(path)).toThrow('ENOENT');
});

test('what cannot be taken in is told once, tried again after a rest, and taken in then', async () => {
  let tries = 0;
  const { loads, problems } = await watched(map('a'), () => {
    if (++tries < 3) throw new Error('the log is full');
  });
  await vi.waitFor(() => expect(loads).toEqual(['a by file']), soon);
  expect(problems).toHaveLength(1);
  expect(tries).toBe(3);
});
