import type { PlacedEvent } from '../../event/codec.ts';
import { Payload } from '../alerts/facts.ts';
import { type Happening, happeningOf } from './facts.ts';

/** So many maps may stand. */
export const maxMaps = 200;
/** Names of maps that were removed, of which the last revision is remembered. */
const maxRemembered = 1000;

/** What a verification saw. */
export interface VerifiedMap {
  /** ms since the epoch, UTC. */
  readonly at: number;
  readonly by: string;
  readonly environment: string;
  /** Each address was asked for where it is. */
  readonly own: boolean;
  readonly total: number;
  readonly ok: number;
  readonly wrong: number;
  readonly unknown: number;
  readonly seconds: number;
}

/** What is known of a map; its rows are kept as a file by their hash. */
export interface MapKnown {
  readonly name: string;
  /** 1 and up; each import of other rows is one more. */
  readonly revision: number;
  readonly sha256: string;
  readonly bytes: number;
  readonly by: string;
  /** ms since the epoch, UTC. */
  readonly at: number;
  readonly rows: number;
  /** Rows that lead somewhere, and those that are gone. */
  readonly redirects: number;
  readonly gone: number;
  readonly errors: number;
  readonly warnings: number;
  /** The last one of these rows. */
  readonly verified: VerifiedMap | undefined;
}

/** What the room knows: a fold of its facts. */
export interface RedirectsState {
  readonly maps: Map<string, MapKnown>;
  /** The last revision of maps that were removed, by name. */
  readonly removed: Map<string, number>;
}

export function startRedirects(): RedirectsState {
  return { maps: new Map(), removed: new Map() };
}

/** The state with one fact more. Total: what makes no sense changes nothing. */
export function foldRedirects(state: RedirectsState, event: PlacedEvent): RedirectsState {
  const happening = happeningOf(event);
  if (happening) folds[happening](state, { event, payload: new Payload(event.data) });
  return state;
}

interface Fact {
  readonly event: PlacedEvent;
  readonly payload: Payload;
}

const folds: Readonly<Record<Happening, (state: RedirectsState, fact: Fact) => void>> = {
  'redirectmap.imported': ({ maps, removed }, { event, payload }) => {
    const name = payload.text('name');
    const sha256 = payload.text('sha256');
    if (name === undefined || sha256 === undefined) return;
    if (!maps.has(name) && maps.size >= maxMaps) return;
    const number = (of: string): number => payload.number(of) ?? 0;
    maps.set(name, {
      name,
      revision: number('revision'),
      sha256,
      bytes: number('bytes'),
      by: payload.text('by') ?? '',
      at: event.time,
      rows: number('rows'),
      redirects: number('redirects'),
      gone: number('gone'),
      errors: number('errors'),
      warnings: number('warnings'),
      verified: undefined,
    });
    removed.delete(name);
  },
  'redirectmap.verified': ({ maps }, { event, payload }) => {
    const map = maps.get(payload.text('name') ?? '');
    if (!map || payload.number('revision') !== map.revision) return;
    const number = (of: string): number => payload.number(of) ?? 0;
    const verified: VerifiedMap = {
      at: event.time,
      by: payload.text('by') ?? '',
      environment: event.environment ?? '',
      own: payload.flag('own'),
      total: number('total'),
      ok: number('ok'),
      wrong: number('wrong'),
      unknown: number('unknown'),
      seconds: number('seconds'),
    };
    maps.set(map.name, { ...map, verified });
  },
  'redirectmap.removed': ({ maps, removed }, { payload }) => {
    const map = maps.get(payload.text('name') ?? '');
    if (!map) return;
    maps.delete(map.name);
    removed.set(map.name, map.revision);
    const [oldest] = removed.keys();
    if (removed.size > maxRemembered && oldest !== undefined) removed.delete(oldest);
  },
};
