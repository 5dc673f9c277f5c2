import {
  appendFileSync,
  chmodSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { build } from '../../release/build.suite.ts';
import { fetchArtefact } from '../../release/fetch.ts';
import { type Pushed, pushRelease } from '../../release/push.ts';
import { scratchFolder, scratchRepository, shopRepository } from '../../release/shop.suite.ts';
import { listRefusals, loadRelease, placeOfArtefact } from '../../release/store.ts';
import { damageOf } from '../../release/verify.ts';
import { markFact } from '../../event/cdevents/cdevent.ts';
import type { Draft } from '../../event/event.ts';
import { digestOf } from '../../rooms/releases/artefact/canonical.ts';
import { Cable } from '../../../test/web/cable.ts';
import { type Server, json, startServer } from '../compose/running.suite.ts';

const base = '/api/v1/releases/artefacts';
const { signal } = new AbortController();

/** The shop's two releases, built into a store that is not the server's. */
const shop = shopRepository();
const store = scratchFolder();
const one = await build({ path: shop.path, store, tag: 'release_1' });
const two = await build({ path: shop.path, store, tag: 'release_2' });

let server: Server;
beforeEach(async () => {
  server = await startServer();
});

const push = async (version: string, from = store): Promise<Pushed> =>
  pushRelease(server, { store: from, app: 'shop', version }, signal);
const serverStore = (): string => join(server.data, 'artefacts');
const release = async (version: string, from = store) => loadRelease(from, 'shop', version);
async function tokenOf(may: string): Promise<{ url: string; token: string }> {
  const { secret } = await server.askJson(
    '/api/v1/tokens',
    json('POST', { name: may, scope: { may } }),
  );
  return { url: server.url, token: String(secret) };
}

/** The facts about artefacts on the log, by their types. */
async function facts(): Promise<Readonly<Record<string, unknown>>[]> {
  const found = [];
  for (let offset = 1; ; offset++) {
    const fact = await server.askJson(`/api/v1/events/facts/${offset}`); // oxlint-disable-line no-await-in-loop -- until there is none
    if (fact.status !== 200) return found;
    if (String(fact['type']).includes('artifact')) found.push(fact);
  }
}

describe('sending a release', () => {
  test('its files are on the server as they were built, once, and a fact says so', async () => {
    expect(await push('release_1')).toMatchObject({ isNew: true });
    const place = placeOfArtefact(serverStore(), 'shop', one.release.digest);
    expect(await damageOf(place, one.release.digest)).toMatchObject({ files: [], isThere: true });
    expect(await release('release_1', serverStore())).toEqual(one.release);
    expect(readdirSync(join(serverStore(), 'shop')).toSorted()).toEqual(
      [one.release.digest.replace(':', '-'), 'versions'].toSorted(),
    );
    expect(await push('release_1')).toMatchObject({ isNew: false, bytes: 0 });
    const told = await facts();
    expect(told).toMatchObject([
      {
        type: 'dev.cdevents.artifact.published.0.3.0',
        subject: 'pkg:generic/shop@release_1',
        service: 'shop',
        attributes: {
          'artifact.id': 'pkg:generic/shop@release_1',
          'artifact.digest': one.release.digest,
          'service.version': 'release_1',
          'vcs.ref.head.revision': one.release.source.commit,
          'vcs.ref.head.name': 'release_1',
          actor: 'admin',
        },
      },
    ]);
    const { id, source, type, time, subject, data } = told[0] as unknown as Draft; // by its shape above
    const fact = { id, source, type, time, subject, data };
    expect(markFact(fact as Draft).attributes).toBeUndefined();
    // From the commit one comes to it.
    const thread = await server.askJson(`/api/v1/thread?of=${one.release.source.commit}`);
    const things = thread['things'] as unknown as { kind: string; name: string }[];
    expect(things.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['commit', 'artifact']));
  });

  test('of the next one only what is new is sent', async () => {
    await push('release_1');
    const fresh = two.release.files
      .filter(({ sha256 }) => !one.release.files.some((file) => file.sha256 === sha256))
      .reduce((sum, { size }) => sum + size, 0);
    expect(await push('release_2')).toMatchObject({ isNew: true, bytes: fresh });
  });

  test('a large file goes in pieces, and comes also when the cable is pulled', async () => {
    const large = scratchRepository();
    large.commit('Large', {
      'territory.yaml': 'app: shop\n',
      'dist/large.txt': 'All work and no play.\n'.repeat(800_000),
      'dist/empty': '',
    });
    symlinkSync('dist/large.txt', join(large.path, 'latest'));
    large.commit('And a link');
    large.git('tag', 'large');
    const built = await build({ path: large.path, tag: 'large' });
    const seen: number[] = [];
    const onProgress = (bytes: number): void => void seen.push(bytes);
    const pushing = { store: built.store, app: 'shop', version: 'large', onProgress };
    await pushRelease(server, pushing, signal);
    expect(seen.length).toBeGreaterThan(3);
    const cable = new Cable(Number(new URL(server.url).port));
    const far = { url: `http://127.0.0.1:${await cable.lay()}`, token: server.token };
    let cuts = 0;
    const pull = (): void => {
      if (cuts++ > 0) return;
      cable.cut();
      setTimeout(() => cable.mend(), 100);
    };
    const wanted = { app: 'shop', digest: built.release.digest, onProgress: pull };
    const { place } = await fetchArtefact(far, wanted, scratchFolder(), signal);
    cable.remove();
    expect(cuts).toBeGreaterThan(1);
    expect((await damageOf(place, wanted.digest)).files).toEqual([]);
  });

  test('several at once are one', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, async () => push('release_2')));
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
    const place = placeOfArtefact(serverStore(), 'shop', two.release.digest);
    expect((await damageOf(place, two.release.digest)).files).toEqual([]);
    expect(readdirSync(join(serverStore(), 'shop')).some((name) => name.startsWith('.'))).toBe(
      false,
    );
  });

  test('after a cut, and a server that was started again, it goes on where it was', async () => {
    const text = await release('release_1');
    const { missing } = await server.askJson(base, json('POST', text));
    const [first, second] = missing as unknown as { sha256: string; size: number }[];
    if (!first || !second) throw new Error('nothing is missing');
    const bytesOf = ({ sha256 }: { sha256: string }): Buffer => {
      const file = one.release.files.find((each) => each.sha256 === sha256);
      return readFileSync(join(one.place, 'files', file?.path ?? ''));
    };
    const put = async (blob: { sha256: string }, body: Buffer, offset = 0) =>
      server.askJson(`${base}/shop/${one.release.digest}/blobs/${blob.sha256}?offset=${offset}`, {
        method: 'PUT',
        body: new Uint8Array(body),
        headers: octets,
      });
    expect(await put(first, bytesOf(first))).toMatchObject({ whole: true });
    expect(await put(second, bytesOf(second).subarray(0, 5))).toEqual({
      status: 200,
      next: 5,
      whole: false,
    });
    await server.close();
    server = await startServer({ data: server.data });
    expect(await put(second, bytesOf(second).subarray(7), 7)).toMatchObject({
      status: 409,
      code: 'TERR_RELEASE_OFFSET',
    });
    const after = await server.askJson(base, json('POST', text));
    const left = after['missing'] as unknown as { sha256: string; next: number }[];
    expect(left.map(({ sha256 }) => sha256)).not.toContain(first.sha256);
    expect(left.find(({ sha256 }) => sha256 === second.sha256)?.next).toBe(5);
    expect(await put(second, bytesOf(second).subarray(5), 5)).toMatchObject({ whole: true });
    expect(await push('release_1')).toMatchObject({ isNew: true });
  });

  test('other bytes than announced are refused, and nothing is kept of them', async () => {
    const { missing } = await server.askJson(base, json('POST', await release('release_1')));
    const [blob] = missing as unknown as { sha256: string; size: number }[];
    if (!blob) throw new Error('nothing is missing');
    const put = async (size: number) =>
      server.askJson(`${base}/shop/${one.release.digest}/blobs/${blob.sha256}`, {
        method: 'PUT',
        body: 'x'.repeat(size),
        headers: octets,
      });
    for (const size of [blob.size, blob.size + 1])
      expect(await put(size)).toMatchObject({ status: 400, code: 'TERR_RELEASE_BLOB' });
    expect(existsSync(placeOfArtefact(serverStore(), 'shop', one.release.digest))).toBe(false);
    expect(await push('release_1')).toMatchObject({ isNew: true });
  });

  test('a version that names another commit by now is refused, and that is a fact', async () => {
    await push('release_1');
    const moved = scratchRepository();
    moved.commit('Another shop', { 'territory.yaml': 'app: shop\n' });
    moved.git('tag', 'release_1');
    const other = await build({ path: moved.path, tag: 'release_1' });
    await expect(push('release_1', other.store)).rejects.toMatchObject({
      code: 'TERR_RELEASE_MOVED',
    });
    expect(await listRefusals(serverStore(), 'shop')).toMatchObject([{ version: 'release_1' }]);
    expect((await facts()).at(-1)).toMatchObject({
      type: 'dev.cdeventsx.territory-artifact.refused.0.1.0',
      attributes: { rule: 'moved' },
      data: { was: one.release.source.commit, is: other.release.source.commit },
    });
    expect(await server.askJson(`${base}/shop`)).toMatchObject({
      releases: [{ version: 'release_1', commit: one.release.source.commit }],
      refusals: [{ version: 'release_1', is: other.release.source.commit }],
    });
  });

  test('what is no release is refused', async () => {
    const [file] = one.release.files;
    const changes: readonly Readonly<Record<string, unknown>>[] = [
      { files: [{ ...file, path: '../../etc/passwd' }] },
      { files: [{ ...file, path: '/etc/passwd' }] },
      {
        files: [
          { ...file, path: 'a' },
          { ...file, path: 'a/b' },
        ],
      },
      { app: '../x' },
      { source: { ...one.release.source, commit: '--output=/x' } },
      { digest: `sha256:${'0'.repeat(64)}` },
    ];
    for (const change of changes) {
      const value = { ...one.release, ...change } as typeof one.release; // of a stranger
      const digest = 'digest' in change ? change['digest'] : digestOf(value.files);
      const answer = await server.askJson(base, json('POST', { ...value, digest })); // oxlint-disable-line no-await-in-loop -- one server
      expect({ change, ...answer }).toMatchObject({ status: 400, code: 'TERR_RELEASE_CONTENT' });
    }
  });

  test('members may send, runners may fetch, and who may only send events neither', async () => {
    const [member, runner, sender] = [
      await tokenOf('member'),
      await tokenOf('runner'),
      await tokenOf('send'),
    ];
    const pushing = { store, app: 'shop', version: 'release_1' };
    for (const who of [runner, sender])
      await expect(pushRelease(who, pushing, signal)).rejects.toMatchObject({
        code: 'TERR_RELEASE_NOT_ALLOWED',
      });
    expect(await pushRelease(member, pushing, signal)).toMatchObject({ isNew: true });
    const wanted = { app: 'shop', digest: one.release.digest };
    expect(await fetchArtefact(runner, wanted, scratchFolder(), signal)).toMatchObject({
      isNew: true,
    });
    await expect(fetchArtefact(sender, wanted, scratchFolder(), signal)).rejects.toMatchObject({
      code: 'TERR_RELEASE_NOT_ALLOWED',
    });
  });
});

const octets = { 'content-type': 'application/octet-stream' };

describe('fetching an artefact', () => {
  const wanted = { app: 'shop', digest: two.release.digest };

  test('it is the same here as there, and the second time nothing is fetched', async () => {
    await push('release_2');
    const here = scratchFolder();
    const seen: number[] = [];
    const told = { ...wanted, onProgress: (bytes: number) => void seen.push(bytes) };
    const first = await fetchArtefact(server, told, here, signal);
    expect(first).toMatchObject({ isNew: true, repaired: [], release: two.release });
    expect(seen.length).toBeGreaterThan(0);
    expect((await damageOf(first.place, wanted.digest)).files).toEqual([]);
    expect(readdirSync(join(here, 'shop'))).toEqual([wanted.digest.replace(':', '-')]);
    await server.close();
    expect(await fetchArtefact(server, wanted, here, signal)).toMatchObject({ isNew: false });
  });

  test('several at once are one, also of one machine with another version of it', async () => {
    await push('release_1');
    await push('release_2');
    const here = scratchFolder();
    await fetchArtefact(server, { app: 'shop', digest: one.release.digest }, here, signal);
    const all = await Promise.all(
      Array.from({ length: 5 }, async () => fetchArtefact(server, wanted, here, signal)),
    );
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  test('a file that was edited or is gone is put right, and told', async () => {
    await push('release_2');
    const here = scratchFolder();
    const { place } = await fetchArtefact(server, wanted, here, signal);
    const edited = join(place, 'files/src/b.js');
    chmodSync(edited, 0o644);
    appendFileSync(edited, 'hotfix();\n');
    rmSync(join(place, 'files/config/keys.yaml'));
    expect(await fetchArtefact(server, wanted, here, signal)).toMatchObject({
      isNew: false,
      repaired: ['config/keys.yaml', 'src/b.js'],
    });
    expect((await damageOf(place, wanted.digest)).files).toEqual([]);
  });

  test('an artefact that is damaged on the server is not taken', async () => {
    await push('release_2');
    const theirs = join(placeOfArtefact(serverStore(), 'shop', wanted.digest), 'files/src/b.js');
    const size = readFileSync(theirs).length;
    rmSync(theirs);
    appendFileSync(theirs, 'x'.repeat(size));
    const here = scratchFolder();
    await expect(fetchArtefact(server, wanted, here, signal)).rejects.toMatchObject({
      code: 'TERR_RELEASE_SERVER',
    });
    expect(existsSync(placeOfArtefact(here, 'shop', wanted.digest))).toBe(false);
  });

  test('one that is not there is said so', async () => {
    const unknown = { app: 'shop', digest: `sha256:${'0'.repeat(64)}` };
    await expect(fetchArtefact(server, unknown, scratchFolder(), signal)).rejects.toMatchObject({
      code: 'TERR_RELEASE_UNKNOWN',
    });
  });
});

describe('reading', () => {
  test('applications, releases, files, and what differs', async () => {
    await push('release_1');
    await push('release_2');
    expect(await readFiles()).toBeUndefined();
    expect(await readDiff()).toBeUndefined();
    expect(await readTextDiff()).toBeUndefined();
  });

  async function readFiles(): Promise<void> {
    expect(await server.askJson('/api/v1/releases/apps')).toMatchObject({
      apps: [{ app: 'shop', releases: 2, latest: { digest: expect.any(String) as string } }],
    });
    expect(await server.askJson(`${base}/nothing`)).toMatchObject({ status: 404 });
    const text = `${base}/shop/release_2/text?path=`;
    expect(await server.askJson(`${text}src/b.js`)).toMatchObject({
      kind: 'text',
      cut: false,
      text: 'import { pay } from "new";\n\npay(process.env.PAYMENT_KEY);\n',
    });
    expect(await server.askJson(`${text}../../release.json`)).toMatchObject({ status: 404 });
    const file = two.release.files.find(({ path }) => path === 'src/b.js');
    const answer = await server.ask(`${base}/shop/release_2/blobs/${file?.sha256}`);
    expect(answer.headers.get('content-disposition')).toBe('attachment');
    expect(await answer.text()).toContain('PAYMENT_KEY');
  }

  /** The commits are read from the repository, which is on this machine. */
  async function readDiff(): Promise<void> {
    const diff = await server.askJson(`${base}/shop/diff?from=release_1&to=release_2`);
    expect(diff).toMatchObject({
      level: 'migration-expand',
      commitsFrom: 'repository',
      removesCommits: 0,
      valuesUnknown: null,
      parts: { commits: { added: [{ pullRequests: [7], issues: ['SHOP-12'] }] } },
    });
    expect(Object.keys(diff['parts'] ?? {})).toHaveLength(8);
    expect(
      await server.askJson(`${base}/shop/diff?from=release_1&to=release_2&environment=production`),
    ).toMatchObject({ valuesUnknown: 'no runner has said which keys have a value in production' });
  }

  async function readTextDiff(): Promise<void> {
    const ask = async (path: string) =>
      server.askJson(`${base}/shop/diff/text?from=release_1&to=release_2&path=${path}`);
    expect(await ask('config/keys.yaml')).toMatchObject({
      kind: 'text',
      added: 2,
      deleted: 1,
      text: expect.stringContaining('+PAYMENT_KEY: {required: true, secret: true}\n') as string,
    });
    expect(await ask('src/a.js')).toMatchObject({ kind: 'text', after: null, deleted: 2 });
    expect(await ask('src/b.js')).toMatchObject({ kind: 'text', before: null, added: 3 });
    expect(await ask('territory.yaml')).toMatchObject({ kind: 'same', text: '' });
    expect(await ask('nothing')).toMatchObject({ status: 404 });
  }
});
