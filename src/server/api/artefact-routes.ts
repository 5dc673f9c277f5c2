import { Readable } from 'node:stream';
import { compareReleases } from '../../release/compare.ts';
import { commitsTold } from '../artefacts/commits-told.ts';
import {
  openBlob,
  releaseOf,
  tellApps,
  tellReleases,
  tellText,
  tellTextDiff,
} from '../artefacts/reading.ts';
import { Shelf } from '../artefacts/shelf.ts';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/guard.ts';
import type { Parts } from '../parts.ts';
import { answers } from './answers.ts';
import {
  AppParams,
  type Artefact,
  ArtefactDiff,
  ArtefactParams,
  BlobParams,
  BlobQuery,
  BlobTaken,
  DiffQuery,
  FileQuery,
  FileText,
  ReleasesApps,
  ReleasesOfApp,
  ReleasesQuery,
  Taken,
  TextDiff,
  TextDiffQuery,
  UploadParams,
} from './contract-artefacts.ts';
import { Release } from '../../rooms/releases/artefact/release.ts';
import { Type } from 'typebox';

const tags = ['releases'];
const base = '/api/v1/releases/artefacts';
/** Bytes of a release.json: 200,000 files. */
const releaseLimit = 64 * 2 ** 20;
const defaultListed = 100;
const linesAround = 3;
/** ms that git may take for one answer. */
const patienceMs = 30_000;

/** Everything under /api/v1/releases/artefacts, and the applications of which there are releases. */
export function addArtefactRoutes(app: App, parts: Parts): void {
  addLists(app, parts);
  addArtefact(app, parts);
  addDiff(app, parts);
  addTextDiff(app, parts);
  addUpload(app, parts);
}

function addLists(app: App, { artefacts }: Parts): void {
  const { store } = artefacts.desk;
  app.get(
    '/api/v1/releases/apps',
    {
      schema: {
        summary: 'Applications of which there are releases on this server',
        tags,
        response: answers(ReleasesApps, 401, 403),
      },
    },
    async (): Promise<ReleasesApps> => tellApps(store),
  );
  app.get(
    `${base}/:app`,
    {
      schema: {
        summary: 'The releases of an application, the last built first, and refused tags',
        tags,
        params: AppParams,
        querystring: ReleasesQuery,
        response: answers(ReleasesOfApp, 400, 401, 403, 404),
      },
    },
    async ({ params, query }): Promise<ReleasesOfApp> =>
      tellReleases(store, params.app, query.limit ?? defaultListed),
  );
}

function addArtefact(app: App, { artefacts }: Parts): void {
  const { store } = artefacts.desk;
  const shelf = new Shelf(store);
  app.get(
    `${base}/:app/:ref`,
    {
      schema: {
        summary: 'The release.json of a version, or of the artefact with a digest',
        tags,
        params: ArtefactParams,
        response: answers(Release, 401, 403, 404, 409),
      },
    },
    async ({ params }): Promise<Artefact> => releaseOf(store, params.app, params.ref),
  );
  app.get(
    `${base}/:app/:ref/text`,
    {
      schema: {
        summary: 'A file of an artefact as text, at most its first MiB',
        tags,
        params: ArtefactParams,
        querystring: FileQuery,
        response: answers(FileText, 400, 401, 403, 404, 409),
      },
    },
    async ({ params, query }): Promise<FileText> =>
      tellText(store, await releaseOf(store, params.app, params.ref), query.path),
  );
  app.get(
    `${base}/:app/:ref/blobs/:sha256`,
    {
      schema: {
        summary: 'The bytes of a file of an artefact, by their hash; of a link its target',
        tags,
        params: BlobParams,
        response: answers(Type.Unknown({ description: 'application/octet-stream' }), 401, 403, 404),
      },
    },
    async ({ params }, reply) => {
      const { sha256 } = params;
      const { release, blobs } = await shelf.take(params.app, params.ref);
      const file = blobs.get(sha256);
      const { size, source } = await openBlob(store, release, { file, sha256 });
      reply
        .type('application/octet-stream')
        .header('content-length', String(size))
        // Whatever it is, a browser must not take it for a page of ours.
        .header('content-disposition', 'attachment')
        .header('cache-control', 'private, max-age=31536000, immutable')
        .header('etag', `"${params.sha256}"`);
      return reply.send(
        source instanceof Uint8Array ? Readable.from([source]) : source.createReadStream(),
      );
    },
  );
}

function addDiff(app: App, { artefacts, threads, log }: Parts): void {
  const { desk, keysIn } = artefacts;
  const { store } = desk;
  app.get(
    `${base}/:app/diff`,
    {
      schema: {
        summary: 'What changes when one version takes the place of another: eight parts, a level',
        description:
          'Commits are read from the repository where it is on this machine, else from the facts on the log. With `environment` it says which configuration keys have no value there, as its runner reported them.',
        tags,
        params: AppParams,
        querystring: DiffQuery,
        response: answers(ArtefactDiff, 400, 401, 403, 404, 409),
      },
    },
    async ({ params, query }): Promise<ArtefactDiff> => {
      const { from, to, environment } = query;
      const set = environment === undefined ? undefined : keysIn(environment);
      const { diff, commitsFrom, commitsUnknown } = await compareReleases({
        store,
        app: params.app,
        from,
        to,
        repository: undefined,
        told: async (a, b) => commitsTold({ follower: threads.follower, log }, a, b),
        target: environment !== undefined && set ? { environment, set } : undefined,
        signal: AbortSignal.timeout(patienceMs),
      });
      const unknown = environment !== undefined && set === undefined;
      return {
        ...diff,
        commitsFrom,
        commitsUnknown: commitsUnknown ?? null,
        valuesUnknown: unknown
          ? `no runner has said which keys have a value in ${environment}`
          : null,
      };
    },
  );
}

function addTextDiff(app: App, { artefacts }: Parts): void {
  const { store } = artefacts.desk;
  app.get(
    `${base}/:app/diff/text`,
    {
      schema: {
        summary: 'One file as it changes between two versions: a unified diff',
        tags,
        params: AppParams,
        querystring: TextDiffQuery,
        response: answers(TextDiff, 400, 401, 403, 404, 409),
      },
    },
    async ({ params, query }): Promise<TextDiff> => {
      const { from, to, path, lines = linesAround } = query;
      const both = await Promise.all([
        releaseOf(store, params.app, from),
        releaseOf(store, params.app, to),
      ]);
      const signal = AbortSignal.timeout(patienceMs);
      return tellTextDiff(store, both, { path, lines, signal });
    },
  );
}

function addUpload(app: App, { artefacts }: Parts): void {
  const { desk } = artefacts;
  app.post(
    base,
    {
      schema: {
        summary: 'Send a release.json: which files are missing; none, and the release is kept',
        description:
          'Send it, then what it answers as missing, then it again. Each may be sent again, at any time and by several at once. A version of which the tag names another commit by now is refused (TERR_RELEASE_MOVED), and a fact.',
        tags,
        body: Type.Unknown({ description: 'release.json, docs/formats/release.md' }),
        response: answers(Taken, 400, 401, 403, 409, 503),
      },
      config: { needs: 'act' },
      bodyLimit: releaseLimit,
    },
    async (request): Promise<Taken> => desk.take(request.body, actorOf(request).name),
  );
  void app.register(async (scope) => {
    // The bytes are taken as they come, and never as one whole.
    scope.addContentTypeParser('application/octet-stream', (_request, body, done) => {
      done(null, body);
    });
    scope.put(
      `${base}/:app/:ref/blobs/:sha256`,
      {
        schema: {
          summary: 'Send the bytes of a missing file, or a piece of it from an offset on',
          description:
            'Of any size up to what was announced; a request has to be over within `requestTimeout`, so that large files are sent in pieces.',
          tags,
          params: UploadParams,
          querystring: BlobQuery,
          response: answers(BlobTaken, 400, 401, 403, 404, 409, 503),
        },
        config: { needs: 'act' },
      },
      async (request): Promise<BlobTaken> => {
        const { app: name, ref: digest, sha256 } = request.params as UploadParams;
        const { offset = 0 } = request.query as { offset?: number };
        const body = request.body as AsyncIterable<Uint8Array> | undefined;
        return desk.piece(
          { app: name, digest, sha256 },
          { offset, body: body ?? Readable.from([]) },
        );
      },
    );
  });
}
