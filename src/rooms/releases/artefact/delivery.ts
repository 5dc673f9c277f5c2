import { Type, type Static } from 'typebox';
import type { Manifest } from '../manifest/manifest.ts';

const Text = Type.String({ minLength: 1 });
const OrNull = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) =>
  Type.Union([schema, Type.Null()]);
const Seconds = OrNull(Type.Number({ minimum: 0 }));

/**
 * How an artefact is brought to run: what `territory.yaml` says of starting it, of its health and of
 * how new instances take the place of old ones. Null where the manifest does not say.
 */
export const Delivery = Type.Object({
  type: Type.Union([Type.Literal('node'), Type.Literal('procfile'), Type.Literal('bare')]),
  /** A command line for `sh -c`, run in the folder of the artefact's files. */
  start: OrNull(Text),
  port: OrNull(Type.Integer({ minimum: 1, maximum: 65_535 })),
  /** Paths on its own port. `ready` answers 200; `version` may end in `#member` of a JSON answer. */
  health: Type.Object({ ready: OrNull(Text), version: OrNull(Text) }),
  owner: OrNull(Text),
  strategy: Type.Object({
    kind: Type.Union([
      Type.Literal('blue-green'),
      Type.Literal('rolling'),
      Type.Literal('restart'),
    ]),
    /** How long it is watched after the switch. */
    settle: Seconds,
    /** How long old instances may finish their requests. */
    drain: Seconds,
    /** How long old instances stay, stopped for traffic, for an instant way back. */
    keepOld: Seconds,
  }),
  promote: Type.Object({ order: Type.Array(Text), auto: Type.Array(Text) }),
  windows: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('allow'), Type.Literal('deny')]),
      when: Text,
      tz: Text,
    }),
  ),
  databases: Type.Array(Type.Object({ name: Text, migrations: OrNull(Text) })),
});
export type Delivery = Static<typeof Delivery>;

/** Seconds, where the manifest does not say. */
const settleUnlessSaid = 10;
const drainUnlessSaid = 30;

/** What a manifest says of delivery, with what holds where it says nothing; pure. */
export function deliveryOf(manifest: Manifest): Delivery {
  const { type, start, port, health, owner, strategy, promote, windows, databases } = manifest;
  return {
    type,
    start: start ?? null,
    port: port ?? null,
    health: { ready: health.ready ?? null, version: health.version ?? null },
    owner: owner ?? null,
    strategy: strategyOf(strategy),
    promote: { order: [...promote.order], auto: [...promote.auto] },
    windows: windows.map(({ kind, when, tz }) => ({ kind, when, tz })),
    databases: databases.map(({ name, migrations }) => ({ name, migrations: migrations ?? null })),
  };
}

const strategyOf = (said: Manifest['strategy']): Delivery['strategy'] => ({
  kind: said?.kind ?? 'restart',
  settle: said?.settle ?? settleUnlessSaid,
  drain: said?.drain ?? drainUnlessSaid,
  keepOld: said?.keepOld ?? null,
});
