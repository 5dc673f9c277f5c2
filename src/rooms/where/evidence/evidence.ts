import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { PlacedEvent } from '../../../event/codec.ts';
import type { Draft } from '../../../event/event.ts';
import { plainName } from '../../thread/names.ts';

/** The type of a reading that tells what a runner found by looking. */
export const evidenceType = 'evidence';
/** A look that is so many of its runner's intervals old says nothing of now. */
export const freshIntervals = 3;

const Text = Type.String({ maxLength: 1000 });
const TextOrNull = Type.Union([Text, Type.Null()]);
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
const Items = { maxItems: 200 } as const;
const Paths = Type.Array(Text, { maxItems: 20 });

/** S: what an instance says on its own port. `version` null: it gave none. */
export const SelfSeen = Type.Object({
  slot: Text,
  port: Port,
  version: TextOrNull,
  error: TextOrNull,
});
export type SelfSeen = Static<typeof SelfSeen>;

/** F: what customers get. `errors` of the samples brought no version. */
export const FrontSeen = Type.Object({
  samples: Type.Integer({ minimum: 0 }),
  /** Of the samples that told a version, 0 to 1. */
  shares: Type.Record(Type.String({ maxLength: 300 }), Type.Number({ minimum: 0, maximum: 1 })),
  errors: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type FrontSeen = Static<typeof FrontSeen>;

/** O: who listens on a port. */
export const OsSeen = Type.Object({
  port: Port,
  slot: TextOrNull,
  /** Null: nobody listens. */
  pid: Type.Union([Type.Integer(), Type.Null()]),
  /** Of the release whose folder it runs in; null when it is none. */
  version: TextOrNull,
  cwd: TextOrNull,
  /** The folder of its working directory is gone or has another name now. */
  gone: Type.Boolean(),
  /** It was started by the runner. */
  ours: Type.Boolean(),
  /** Null: the runner has no wish for that port. */
  wanted: Type.Optional(Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Null()])),
  /** With a pid of null: true, somebody whose process may not be looked at; false, nobody. */
  listening: Type.Optional(Type.Boolean()),
  exe: Type.Optional(TextOrNull),
  /** When it was started, ms since the epoch, UTC. */
  started: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
});
export type OsSeen = Static<typeof OsSeen>;

/** D: how the files that a release runs from differ from its artefact, 20 at most of each. */
export const DiskSeen = Type.Object({
  version: Text,
  changed: Paths,
  missing: Paths,
  added: Paths,
  /** The whole folder is not there: what runs goes on, and can not be started again. */
  gone: Type.Optional(Type.Boolean()),
  folder: Type.Optional(Text),
  /** Files that no look has come to yet; the next ones do. */
  left: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type DiskSeen = Static<typeof DiskSeen>;

/** Of `contracts` so many are told, those with the highest ids. */
export const maxContracts = 50;

/** M: how the schema of a database and the release differ. */
export const SchemaSeen = Type.Object({
  db: Text,
  drift: Type.Array(Type.Object({ kind: Text, id: Text, text: Text }), { maxItems: 50 }),
  /** How many migrations are applied. */
  applied: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Ids of contract migrations that are applied, whichever release brought them; see `maxContracts`. */
  contracts: Type.Optional(Type.Array(Text, { maxItems: maxContracts })),
});
export type SchemaSeen = Static<typeof SchemaSeen>;

/** C: the configuration that an instance was started with, against what its release would get now. */
export const ConfigSeen = Type.Object({
  slot: Text,
  /** Digest; null: it is another one than the expected. */
  running: TextOrNull,
  expected: Text,
  /** Names of keys whose values differ, never the values. */
  differ: Type.Optional(Paths),
});
export type ConfigSeen = Static<typeof ConfigSeen>;

/** B: where the balancer sends people. */
export const BalancerSeen = Type.Object({
  server: Text,
  port: Port,
  admin: Text,
  check: Text,
  /** Of the instance on that port; null when none of ours is there. */
  version: TextOrNull,
});
export type BalancerSeen = Static<typeof BalancerSeen>;

const channel = <T extends Parameters<typeof Type.Array>[0]>(found: T) =>
  Type.Union([Type.Object({ found }), Type.Object({ found: Type.Null(), why: Text })]);

/**
 * What was found about one application in one environment by looking at it, channel by channel; a
 * channel that could not be looked at is `null` with a reason, never a good answer.
 */
export const Evidence = Type.Object({
  app: Text,
  environment: Text,
  /** ms since the epoch, UTC. */
  at: Type.Number(),
  /** ms until the next look. */
  every: Type.Optional(Type.Number({ minimum: 0 })),
  self: channel(Type.Array(SelfSeen, Items)),
  front: channel(FrontSeen),
  os: channel(Type.Array(OsSeen, Items)),
  disk: channel(Type.Array(DiskSeen, Items)),
  schema: channel(Type.Array(SchemaSeen, Items)),
  config: channel(Type.Array(ConfigSeen, Items)),
  balancer: channel(Type.Array(BalancerSeen, Items)),
});

/** What one channel brought: what was found, or why nothing could be. */
export type Channel<T> =
  | { readonly found: T; readonly why?: undefined }
  | { readonly found: null; readonly why: string };

/** See the schema; its unions as TypeScript tells them apart. */
export interface Evidence {
  readonly app: string;
  readonly environment: string;
  readonly at: number;
  readonly every?: number;
  readonly self: Channel<readonly SelfSeen[]>;
  readonly front: Channel<FrontSeen>;
  readonly os: Channel<readonly OsSeen[]>;
  readonly disk: Channel<readonly DiskSeen[]>;
  readonly schema: Channel<readonly SchemaSeen[]>;
  readonly config: Channel<readonly ConfigSeen[]>;
  readonly balancer: Channel<readonly BalancerSeen[]>;
}

/** One look of one runner, as it stands on the log. */
export interface Look {
  readonly evidence: Evidence;
  /** Who looked: the source of the reading. */
  readonly runner: string;
  /** ms since the epoch, UTC; never later than it came. */
  readonly time: number;
  /** ms; the runner looks as often. */
  readonly every: number;
  /** Place among the readings. */
  readonly offset: number;
}

/** How often a runner looks that does not say so, ms. */
export const usualEveryMs = 10_000;

/** The reading of a look: its id is the same for the same, so that it may be sent again. */
export function evidenceDraft(evidence: Evidence, host: string): Draft {
  const { app, environment, at, every = usualEveryMs } = evidence;
  return {
    id: ['evidence', host, app, environment, String(at)].map(encodeURIComponent).join('/'),
    time: at,
    type: evidenceType,
    subject: `evidence/${app}/${environment}`,
    service: app,
    host,
    environment,
    ttl: Math.ceil((freshIntervals * every) / 1000),
    // A copy of plain data: what is undefined has no JSON form.
    data: JSON.parse(JSON.stringify(evidence)) as NonNullable<Draft['data']>,
  };
}

/** The look that a reading tells of; undefined when it tells of none, or not in its shape. */
export function lookIn(event: PlacedEvent): Look | undefined {
  const { type, data, offset, received, source } = event;
  if (type !== evidenceType || !Value.Check(Evidence, data)) return undefined;
  const evidence = data as Evidence; // checked by its schema
  if (plainName(evidence.app) === undefined || plainName(evidence.environment) === undefined)
    return undefined;
  return {
    evidence,
    runner: event.host ?? source,
    time: Math.min(event.time, received),
    every: evidence.every ?? usualEveryMs,
    offset,
  };
}
