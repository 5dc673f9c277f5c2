import { type Static, Type } from 'typebox';
import { levels } from '../../rooms/releases/diff/level.ts';
import { Release } from '../../rooms/releases/artefact/release.ts';

/** The shapes of artefacts in the API. Times are ms since the epoch, UTC; sizes bytes. */

const closed = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$' });
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const orNull = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) =>
  Type.Union([schema, Type.Null()]);

type Frozen<T> = T extends readonly (infer Each)[]
  ? readonly Frozen<Each>[]
  : T extends object
    ? { readonly [Name in keyof T]: Frozen<T[Name]> }
    : T;

const { migrations, config, dependencies, contracts, smoke, needs, files } = Release.properties;
const Migration = migrations.items;
const ConfigKey = config.properties.keys.items;
const Dependency = dependencies.items;
const Contract = contracts.items;
const Scenario = smoke.items;
const Need = needs.items;
const File = files.items;

export type ArtefactMigration = Frozen<Static<typeof Migration>>;
export type ArtefactKey = Frozen<Static<typeof ConfigKey>>;
export type ArtefactDependency = Frozen<Static<typeof Dependency>>;
export type ArtefactContract = Frozen<Static<typeof Contract>>;
export type ArtefactScenario = Frozen<Static<typeof Scenario>>;
export type ArtefactNeed = Frozen<Static<typeof Need>>;
export type ArtefactFile = Frozen<Static<typeof File>>;
/** GET /api/v1/releases/artefacts/:app/:ref: the release.json. */
export type Artefact = Frozen<Static<typeof Release>>;

/** An application of which there are releases. */
const ReleasesApp = Type.Object({
  app: Type.String(),
  releases: Type.Integer(),
  owner: TextOrNull,
  /** Environments in the order in which it is promoted. */
  order: Type.Array(Type.String()),
  latest: Type.Object({
    version: Type.String(),
    digest: Type.String(),
    commit: Type.String(),
    builtAt: Type.Number(),
  }),
});
/** GET /api/v1/releases/apps */
export const ReleasesApps = Type.Object({ apps: Type.Array(ReleasesApp) });
export type ReleasesApps = Static<typeof ReleasesApps>;

/** One version in a list. */
const ReleaseLine = Type.Object({
  version: Type.String(),
  digest: Type.String(),
  commit: Type.String(),
  tag: TextOrNull,
  builtAt: Type.Number(),
  builtBy: Type.String(),
  previous: TextOrNull,
  files: Type.Integer(),
  bytes: Type.Integer(),
  migrations: Type.Integer(),
  reversible: Type.Object({ value: Type.Boolean(), why: Type.Array(Type.String()) }),
  warnings: Type.Integer(),
});
export type ReleaseLine = Static<typeof ReleaseLine>;

/** GET /api/v1/releases/artefacts/:app: the last built first. */
export const ReleasesOfApp = Type.Object({
  app: Type.String(),
  total: Type.Integer({ description: 'Of which the newest are given' }),
  releases: Type.Array(ReleaseLine),
  refusals: Type.Array(
    Type.Object({
      version: Type.String(),
      was: Type.String({ description: 'The commit that the tag named before' }),
      is: Type.String(),
      at: Type.Number(),
    }),
    { description: 'Tags that were moved and refused, the last one first' },
  ),
});
export type ReleasesOfApp = Static<typeof ReleasesOfApp>;
export const ReleasesQuery = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) },
  closed,
);

export const AppParams = Type.Object({ app: Name });
export const ArtefactParams = Type.Object({
  app: Name,
  ref: Type.String({ minLength: 1, maxLength: 200, description: 'A version, or sha256:…' }),
});
export const BlobParams = Type.Object({ app: Name, ref: Name, sha256: Sha256 });
export const UploadParams = Type.Object({ app: Name, ref: Digest, sha256: Sha256 });
export type UploadParams = Static<typeof UploadParams>;

/** GET …/:ref/text?path= */
export const FileQuery = Type.Object(
  { path: Type.String({ minLength: 1, maxLength: 4096 }) },
  closed,
);
export const FileText = Type.Object({
  path: Type.String(),
  mode: Type.String(),
  size: Type.Integer(),
  sha256: Type.String(),
  kind: Type.Enum(['text', 'binary', 'link'], { description: 'What can be shown of it' }),
  text: Type.String({ description: 'Of a link its target; of a binary file nothing' }),
  cut: Type.Boolean({ description: 'There is more than is given' }),
});
export type FileText = Static<typeof FileText>;

/** POST /api/v1/releases/artefacts: the answer to a release.json. */
export const Taken = Type.Object({
  app: Type.String(),
  version: Type.String(),
  digest: Type.String(),
  kept: Type.Boolean({ description: 'It is in the store, and can be read' }),
  new: Type.Boolean({ description: 'It was not before' }),
  missing: Type.Array(
    Type.Object({
      sha256: Type.String(),
      size: Type.Integer(),
      next: Type.Integer({ description: 'Bytes that are there already' }),
    }),
    { description: 'Contents to be sent before it is posted again' },
  ),
});
export type Taken = Static<typeof Taken>;

/** PUT …/:digest/blobs/:sha256 */
export const BlobQuery = Type.Object(
  { offset: Type.Optional(Type.Integer({ minimum: 0, description: 'Bytes that come before' })) },
  closed,
);
export const BlobTaken = Type.Object({ next: Type.Integer(), whole: Type.Boolean() });
export type BlobTaken = Static<typeof BlobTaken>;

/** GET …/:app/diff */
export const DiffQuery = Type.Object(
  { from: Name, to: Name, environment: Type.Optional(Name) },
  closed,
);

const level = Type.Enum([...levels]);
const Commit = Type.Object({
  sha: Type.String(),
  author: Type.String(),
  time: Type.String({ description: 'RFC 3339' }),
  title: Type.String(),
  pullRequests: Type.Array(Type.Integer()),
  issues: Type.Array(Type.String()),
});
export type DiffCommit = Frozen<Static<typeof Commit>>;
const SourceChange = Type.Object({
  kind: Type.String({ description: 'As git says it: A, M, D, R, C, T' }),
  path: Type.String(),
  from: TextOrNull,
  mode: Type.Array(Type.String()),
  added: orNull(Type.Integer()),
  deleted: orNull(Type.Integer()),
});
const changed = <S extends Parameters<typeof Type.Array>[0]>(schema: S) =>
  Type.Array(Type.Object({ name: Type.String(), before: schema, after: schema }));
const Moved = Type.Object({
  name: Type.String(),
  before: Type.Array(Type.String()),
  after: Type.Array(Type.String()),
  direct: Type.Boolean(),
});

const DiffParts = Type.Object({
  commits: Type.Object({
    level,
    added: orNull(Type.Array(Commit)),
    removed: orNull(Type.Array(Commit)),
    source: orNull(Type.Array(SourceChange)),
    pullRequests: Type.Array(Type.Integer()),
    issues: Type.Array(Type.String()),
  }),
  files: Type.Object({
    level,
    added: Type.Array(File),
    deleted: Type.Array(File),
    modified: Type.Array(Type.Object({ path: Type.String(), before: File, after: File })),
  }),
  migrations: Type.Object({
    level,
    added: Type.Array(Migration),
    removed: Type.Array(Migration),
    changed: Type.Array(Migration),
    gaps: Type.Array(
      Type.Object({
        db: Type.String(),
        id: Type.String(),
        other: Type.String(),
        kind: Type.String(),
      }),
    ),
    back: Type.Array(
      Type.Object({
        db: Type.String(),
        id: Type.String(),
        by: TextOrNull,
        loses: Type.Array(Type.String()),
      }),
    ),
    missed: Type.Array(Migration),
  }),
  config: Type.Object({
    level,
    environment: TextOrNull,
    added: Type.Array(ConfigKey),
    removed: Type.Array(ConfigKey),
    changed: Type.Array(
      Type.Object({
        name: Type.String(),
        before: ConfigKey,
        after: ConfigKey,
        changes: Type.Array(Type.Enum(['required', 'secret', 'default', 'type'])),
      }),
    ),
    withoutValue: Type.Array(ConfigKey),
    unset: Type.Array(ConfigKey),
  }),
  dependencies: Type.Object({
    level,
    added: Type.Array(Dependency),
    removed: Type.Array(Dependency),
    upgraded: Type.Array(Moved),
    downgraded: Type.Array(Moved),
    replaced: Type.Array(Dependency),
  }),
  contracts: Type.Object({
    level,
    added: Type.Array(Contract),
    removed: Type.Array(Contract),
    changed: changed(Contract),
    breaking: Type.Literal('unknown'),
  }),
  smoke: Type.Object({
    level,
    added: Type.Array(Scenario),
    dropped: Type.Array(Scenario),
    changed: Type.Array(Scenario),
  }),
  needs: Type.Object({
    level,
    gained: Type.Array(Need),
    lost: Type.Array(Need),
    changed: changed(Need),
  }),
});
const Side = Type.Object({ version: Type.String(), digest: Type.String(), commit: Type.String() });

/** What changes when `to` takes the place of `from`. */
export const ArtefactDiff = Type.Object({
  app: Type.String(),
  from: Side,
  to: Side,
  level,
  removesCommits: orNull(Type.Integer()),
  notices: Type.Array(
    Type.Object({
      severity: Type.Enum(['error', 'warning']),
      part: Type.String(),
      message: Type.String(),
    }),
  ),
  parts: DiffParts,
  commitsFrom: Type.Enum(['repository', 'facts', 'none'], {
    description: 'What the commits are known from; facts know no source files',
  }),
  commitsUnknown: Type.Union([Type.String(), Type.Null()], {
    description: 'Why nothing is known of the commits',
  }),
  valuesUnknown: Type.Union([Type.String(), Type.Null()], {
    description: 'Why it is not known which keys have a value in the environment',
  }),
});
export type ArtefactDiff = Frozen<Static<typeof ArtefactDiff>>;
export type DiffParts = ArtefactDiff['parts'];
export type DiffLevel = ArtefactDiff['level'];

/** GET …/:app/diff/text */
export const TextDiffQuery = Type.Object(
  {
    from: Name,
    to: Name,
    path: Type.String({ minLength: 1, maxLength: 4096 }),
    lines: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10_000, description: 'Lines around each change; 3' }),
    ),
  },
  closed,
);
const DiffSide = orNull(
  Type.Object({ mode: Type.String(), size: Type.Integer(), sha256: Type.String() }),
);
export const TextDiff = Type.Object({
  path: Type.String(),
  before: DiffSide,
  after: DiffSide,
  kind: Type.Enum(['same', 'text', 'binary', 'too-large'], {
    description: 'Only of `text` there are lines',
  }),
  text: Type.String({ description: 'A unified diff, from its first @@' }),
  added: Type.Integer(),
  deleted: Type.Integer(),
  cut: Type.Boolean(),
});
export type TextDiff = Static<typeof TextDiff>;
