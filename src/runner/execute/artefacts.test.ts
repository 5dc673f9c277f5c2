import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { json } from '../../server/compose/running.suite.ts';
import { startShop } from '../../server/deploys/deploys.suite.ts';
import { loadRelease } from '../../release/store.ts';
import { artefactsOf } from './artefacts.ts';

/** A runner's store that is fetched into from a server with one release. */
async function startRunner() {
  const { server, data } = await startShop(['v1']);
  const { digest } = await loadRelease(join(data, 'artefacts'), 'shop', 'v1');
  const scope = { may: 'runner' };
  const issued = await server.ask('/api/v1/tokens', json('POST', { name: 'box', scope }));
  const { secret: token } = (await issued.json()) as { secret: string };
  const home = mkdtempSync(join(tmpdir(), 'territory-runner-'));
  const parts = artefactsOf({ home, artefacts: undefined, server: server.url, token });
  const said: string[] = [];
  const { signal } = new AbortController();
  const fetch = () =>
    parts.fetch({ app: 'shop', digest, say: (text) => void said.push(text), signal });
  return { server, digest, parts, said, fetch };
}

test('what was edited on the machine is put right before anything goes back to it', async () => {
  const { digest, parts, said, fetch } = await startRunner();
  const { place } = await fetch();
  const file = join(place, 'files/a.txt');
  chmodSync(file, 0o644);
  writeFileSync(file, 'edited at night\n');
  await expect(parts.verify('shop', digest)).rejects.toThrow('a.txt');
  await fetch();
  expect(readFileSync(file, 'utf8')).toBe('v1\n');
  await parts.verify('shop', digest);
  expect(said.at(-1)).toBe('warning: a.txt was damaged, and was put right');
});

test('what is whole is not asked for again', async () => {
  const { server, said, fetch } = await startRunner();
  await fetch();
  await server.close();
  const before = said.length;
  await fetch();
  expect(said).toHaveLength(before);
});
