import type { Draft } from '../../event/event.ts';
import type { Context, Room } from '../room.ts';
import { redirectsError } from './errors.ts';
import { factOf, heard, redirectsSource, subjectOf } from './facts.ts';
import {
  type MapKnown,
  type RedirectsState,
  type VerifiedMap,
  foldRedirects,
  maxMaps,
  startRedirects,
} from './state.ts';

/** What is known of a map's rows before they are imported. */
export type MapCounted = Pick<
  MapKnown,
  'sha256' | 'bytes' | 'rows' | 'redirects' | 'gone' | 'errors' | 'warnings'
>;

/** What is told the room: people import and remove, a run of the server verifies. */
export type RedirectsCommand =
  | { readonly kind: 'import'; readonly name: string; readonly counted: MapCounted }
  | {
      readonly kind: 'verified';
      readonly name: string;
      /** Of the rows that were verified. */
      readonly revision: number;
      readonly seen: Omit<VerifiedMap, 'at' | 'by'>;
      /** Answers by their status; '' where there was none. */
      readonly byStatus: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'remove'; readonly name: string };

export type RedirectsRoom = Room<RedirectsState, RedirectsCommand>;

/** The room of redirect maps. */
export const redirectsRoom: RedirectsRoom = {
  name: 'redirects',
  source: redirectsSource,
  hears: heard,
  start: startRedirects,
  fold: foldRedirects,
  subjectOf: (_, { name }) => subjectOf(name),
  decide,
};

type Of<K extends RedirectsCommand['kind']> = Extract<RedirectsCommand, { readonly kind: K }>;

function decide(
  state: RedirectsState,
  command: RedirectsCommand,
  context: Context,
): Draft | undefined {
  switch (command.kind) {
    case 'import':
      return imported(state, command, context);
    case 'verified':
      return verified(state, command, context);
    case 'remove':
      mapNamed(state, command.name);
      return factOf('redirectmap.removed', context, { name: command.name, data: {} });
  }
}

/** The same rows again are no change. */
function imported(
  { maps, removed }: RedirectsState,
  { name, counted }: Of<'import'>,
  context: Context,
): Draft | undefined {
  if (!isName(name))
    throw redirectsError('INVALID', 'a name has 1 to 100 letters, digits, ".", "_" and "-"', {
      field: 'name',
    });
  if (counted.rows === 0) throw redirectsError('INVALID', 'the map has no row');
  const known = maps.get(name);
  if (known?.sha256 === counted.sha256) return undefined;
  if (!known && maps.size >= maxMaps)
    throw redirectsError('FULL', `${maxMaps} maps stand; remove those that are not needed`);
  const revision = (known?.revision ?? removed.get(name) ?? 0) + 1;
  return factOf('redirectmap.imported', context, {
    name,
    metric: counted.rows,
    data: { revision, ...counted },
  });
}

/** A run that ends after other rows were imported says nothing of these. */
function verified(
  { maps }: RedirectsState,
  { name, revision, seen, byStatus }: Of<'verified'>,
  context: Context,
): Draft | undefined {
  if (maps.get(name)?.revision !== revision) return undefined;
  const { environment, ...counts } = seen;
  const state = counts.wrong > 0 ? 'critical' : counts.unknown > 0 ? 'unknown' : 'ok';
  return factOf('redirectmap.verified', context, {
    name,
    environment,
    metric: counts.wrong,
    state,
    data: { revision, ...counts, byStatus: { ...byStatus } },
  });
}

/** Throws TERR_REDIRECTS_UNKNOWN. */
export function mapNamed({ maps }: RedirectsState, name: string): MapKnown {
  const map = maps.get(name);
  if (map) return map;
  throw redirectsError('UNKNOWN', `there is no redirect map ${name.slice(0, 100)}`);
}

const isName = (name: string): boolean => /^[\w.-]{1,100}$/.test(name) && !/^\.+$/.test(name);
