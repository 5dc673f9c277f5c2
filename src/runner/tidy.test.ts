import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { InstanceState, InstanceWish } from './instance/instance.ts';
import { kept, tidy } from './tidy.ts';

const day = 86_400_000;

test('old deploys and artefacts go, but nothing that is unfinished, runs or is a way back', async () => {
  const home = mkdtempSync(join(tmpdir(), 'territory-tidy-'));
  const now = Date.now();
  /** A folder that is so many days old. */
  const make = (path: string, days: number, files: Readonly<Record<string, string>> = {}): void => {
    mkdirSync(join(home, path), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, path, name), text);
    utimesSync(join(home, path), new Date(), new Date(now - days * day));
  };
  const over = { told: 'succeeded\n', 'end.json': '{"result":"succeeded"}' };
  for (let i = 0; i <= kept.deploys + 1; i++) make(`jobs/d${i}`, i + 1, over);
  make('jobs/unfinished', 900, { told: 'fenced\n' });
  make('jobs/untold', 900, { 'end.json': '{"result":"succeeded"}' });
  for (let i = 0; i < kept.artefacts + 4; i++) make(`artefacts/shop/sha256-${i}`, i + 2);
  make('artefacts/shop/.incoming-sha256-x', 900);
  const wish = (digest: string): InstanceWish => ({
    app: 'shop',
    environment: 'production',
    slot: digest,
    version: 'v',
    digest,
    folder: '/',
    start: '',
    port: 1,
    env: {},
    wanted: 'up',
  });
  const state: InstanceState = {
    wish: wish(`sha256:${kept.artefacts}`),
    state: 'up',
    process: undefined,
    restarts: 0,
  };
  const removed = await tidy(
    { home },
    {
      list: async () => Promise.resolve([state]),
      kept: async () => Promise.resolve(wish(`sha256:${kept.artefacts + 1}`)),
    },
    now,
  );
  const names = removed.map((path) => path.slice(home.length + 1));
  expect(names.toSorted()).toEqual([
    `artefacts/shop/sha256-${kept.artefacts + 2}`,
    `artefacts/shop/sha256-${kept.artefacts + 3}`,
    `jobs/d${kept.deploys}`,
    `jobs/d${kept.deploys + 1}`,
  ]);
  expect(removed.filter((path) => existsSync(path))).toEqual([]);
  rmSync(home, { recursive: true });
});
