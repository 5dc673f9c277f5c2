import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchArtefact } from '../../release/fetch.ts';
import { placeOfApp, placeOfArtefact, putFolder } from '../../release/store.ts';
import { verifyArtefact } from '../../release/verify.ts';
import { makeWorkplace, removeTree, sweep } from '../../release/workplace.ts';
import { readRelease } from '../../rooms/releases/artefact/canonical.ts';
import type { RunnerConfig } from '../config/config.ts';
import type { Fetched, Parts } from './work.ts';

const prefix = '.copying-';

/** The store of a runner: `artefacts/` of its home, laid out as docs/formats/release.md says. */
export const storeOf = ({ home }: Pick<RunnerConfig, 'home'>): string => join(home, 'artefacts');

/**
 * Brings artefacts into the runner's own store: from the store on this machine that runner.yaml
 * names, else from the server. Throws TERR_RELEASE_….
 */
export function artefactsOf(
  config: Pick<RunnerConfig, 'home' | 'artefacts' | 'server' | 'token'>,
): Pick<Parts, 'fetch' | 'verify'> {
  const store = storeOf(config);
  return {
    verify: async (app, digest) => verifyArtefact(placeOfArtefact(store, app, digest), digest),
    fetch: async ({ app, digest, say, signal }) => {
      const place = placeOfArtefact(store, app, digest);
      const fromServer = async (): Promise<Fetched> => {
        say(`fetching from ${config.server}`);
        const server = { url: config.server, token: config.token };
        const fetched = await fetchArtefact(server, { app, digest }, store, signal);
        for (const path of fetched.repaired) say(`warning: ${path} was damaged, and was put right`);
        return fetched;
      };
      const here = await releaseIn(place);
      if (here) {
        if (await isWhole(place, digest)) return { release: here, place };
        // Somebody edited what is kept for the way back. Where it can not be put right, what verifies
        // says what differs; a recovery goes on with what is there.
        return fromServer().catch((error: unknown) => {
          signal.throwIfAborted();
          say(`warning: files of it differ, and were not put right: ${wordsOf(error)}`);
          return { release: here, place };
        });
      }
      const from = config.artefacts && placeOfArtefact(config.artefacts, app, digest);
      if (from !== undefined && (await releaseIn(from))) {
        say(`copying from ${from}`);
        return copy(from, { store, app, place, digest });
      }
      return fromServer();
    },
  };
}

const isWhole = (place: string, digest: string): Promise<boolean> =>
  verifyArtefact(place, digest).then(
    () => true,
    () => false,
  );

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

async function releaseIn(place: string): Promise<Fetched['release'] | undefined> {
  const text = await readFile(join(place, 'release.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : readRelease(text).release;
}

/** Copied beside its place and checked there, so that a half one is never found. */
async function copy(
  from: string,
  to: {
    readonly store: string;
    readonly app: string;
    readonly place: string;
    readonly digest: string;
  },
): Promise<Fetched> {
  const parent = placeOfApp(to.store, to.app);
  await mkdir(parent, { recursive: true });
  await sweep(parent, prefix);
  const workplace = await makeWorkplace(parent, prefix);
  try {
    const made = join(workplace, 'artefact');
    await cp(from, made, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await verifyArtefact(made, to.digest);
    await putFolder(made, to.place);
  } finally {
    await removeTree(workplace);
  }
  const release = await releaseIn(to.place);
  if (release) return { release, place: to.place };
  throw new Error(`${to.place} was just made and is not there`);
}
