import { Type, type Static, type TSchema } from 'typebox';
import { Delivery } from './delivery.ts';

/** What `schema` says in every release.json that this version writes. */
export const releaseSchema = 'territory.release/1';

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Text = Type.String({ minLength: 1 });
const OrNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** One file of an artefact, as the server gets it. */
export const ReleaseFile = Type.Object({
  /** From the root of the artefact, with `/`. */
  path: Text,
  /** As git says it: plain, executable, symbolic link. */
  mode: Type.Union([Type.Literal('100644'), Type.Literal('100755'), Type.Literal('120000')]),
  /** Bytes; of a link those of its target's name. */
  size: Type.Integer({ minimum: 0 }),
  sha256: Sha256,
});
export type ReleaseFile = Static<typeof ReleaseFile>;

const Migration = Type.Object({
  db: Text,
  id: Text,
  /** `contract` takes away what older code may still need. */
  phase: Type.Union([Type.Literal('expand'), Type.Literal('contract')]),
  /** Of the bytes of the `up` file. */
  sha256: Sha256,
  /** Whether there is a `down`. */
  down: Type.Boolean(),
  /** Statements of `up` that lose data or shape, shortened. */
  destructive: Type.Array(Text),
});
export type Migration = Static<typeof Migration>;

const ConfigKey = Type.Object({
  name: Text,
  required: Type.Boolean(),
  secret: Type.Boolean(),
  /** Null when there is none, and always of a secret. */
  default: OrNull(Type.String()),
  /** Fingerprint of the default, also of a secret's; null when there is none. */
  defaultSha: OrNull(Sha256),
  type: OrNull(Text),
  description: OrNull(Text),
});
export type ConfigKey = Static<typeof ConfigKey>;

const Dependency = Type.Object({
  name: Text,
  version: Text,
  integrity: OrNull(Text),
  /** Named by the application itself, not only by another package. */
  direct: Type.Boolean(),
});
export type Dependency = Static<typeof Dependency>;

const Contract = Type.Object({
  name: Text,
  version: OrNull(Text),
  /** Where it is written down; null when it is only named. */
  file: OrNull(Text),
  sha256: OrNull(Sha256),
});
export type Contract = Static<typeof Contract>;

const Scenario = Type.Object({ scenario: Text, feature: Text, sha256: Sha256 });
export type Scenario = Static<typeof Scenario>;

const Need = Type.Object({ name: Text, version: OrNull(Text), soft: Type.Boolean() });
export type Need = Static<typeof Need>;

const Source = Type.Object({
  /** URI of the repository, without credentials. */
  repo: Text,
  /** Folder of the application in the repository; `` is its root. */
  path: Type.String(),
  commit: Text,
  tree: Text,
  /** Null when HEAD was built. */
  tag: OrNull(Text),
  dirty: Type.Literal(false),
  builtBy: Text,
  /** RFC 3339, UTC. */
  builtAt: Text,
  /** Version of the newest release that was built from a commit before this one. */
  previous: OrNull(Text),
});
export type Source = Static<typeof Source>;

/** An artefact and everything that is said about it: one version of one application. */
export const Release = Type.Object({
  schema: Type.Literal(releaseSchema),
  app: Text,
  version: Text,
  /** `sha256:` and the hash of the canonical list of files. */
  digest: Type.String({ pattern: '^sha256:[0-9a-f]{64}$' }),
  source: Source,
  files: Type.Array(ReleaseFile),
  migrations: Type.Array(Migration),
  config: Type.Object({ keys: Type.Array(ConfigKey) }),
  dependencies: Type.Array(Dependency),
  contracts: Type.Array(Contract),
  smoke: Type.Array(Scenario),
  needs: Type.Array(Need),
  /** Whether its new migrations can be taken back; judged against `source.previous`. */
  reversible: Type.Object({ value: Type.Boolean(), why: Type.Array(Text) }),
  /** How it is started and brought in; releases of before had none. */
  delivery: Type.Optional(Delivery),
  /** What the build found odd. */
  warnings: Type.Array(Text),
});
export type Release = Static<typeof Release>;
