import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft, Json } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';
import { type Evidence, type Health, type HealthState, healthStates } from './health.ts';
import type { MapProblem } from './seen.ts';

/** The source of every fact about the map. */
export const mapSource = 'territory/map';

const types = {
  /** Another map is in use. */
  declared: 'dev.cdeventsx.territory-map.declared.0.1.0',
  /** Health was not recorded before; `silentSince` says since when. */
  watched: 'dev.cdeventsx.territory-map.watched.0.1.0',
  /** Nodes are otherwise than before. */
  health: 'dev.cdeventsx.territory-map.healthchanged.0.1.0',
  /** One process is otherwise than before. */
  process: 'dev.cdeventsx.territory-process.healthchanged.0.1.0',
  found: 'dev.cdeventsx.territory-mapproblem.found.0.1.0',
  resolved: 'dev.cdeventsx.territory-mapproblem.resolved.0.1.0',
} as const;

/** Pieces of evidence that are kept with a change. */
const maxEvidence = 5;
/** Changes in one fact: it stays well below the size that an event may have. */
export const maxChanges = 200;

/** A map as it was declared. */
export interface Declaration {
  readonly file: string;
  readonly text: string;
  /** What it imported, by the path as written. */
  readonly imported: Readonly<Record<string, string>>;
  /** Of the model. */
  readonly hash: string;
  readonly by: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** How something became. */
export interface Change {
  readonly id: string;
  readonly from: HealthState;
  readonly health: Health;
}

/** What a fact about the map says. */
export type MapFact =
  | { readonly kind: 'declared'; readonly declaration: Declaration }
  | { readonly kind: 'watched'; readonly silentSince: number }
  | { readonly kind: 'health'; readonly changes: readonly Change[] }
  | { readonly kind: 'found'; readonly problem: MapProblem }
  | { readonly kind: 'resolved'; readonly id: string };

/** The fact of a declaration. */
export function declaredFact(declaration: Declaration, time: number): Draft {
  const { by, ...data } = declaration;
  return {
    time,
    type: types.declared,
    subject: 'map',
    attributes: { actor: by, hash: declaration.hash },
    data: data as unknown as Json, // plain texts and lists of them
  };
}

/** The fact that recording begins after a time in which nothing was recorded. */
export function watchedFact(silentSince: number, time: number): Draft {
  return { time, type: types.watched, subject: 'map', data: { silentSince } };
}

/** The facts of some changes: one for each process, one for every so many nodes. */
export function healthFacts(changes: readonly Change[], time: number): Draft[] {
  const ofProcesses = changes.filter(({ id }) => id.startsWith('process:'));
  const ofNodes = changes.filter(({ id }) => !id.startsWith('process:'));
  const facts = ofProcesses.map((change) => processFact(change, time));
  for (let at = 0; at < ofNodes.length; at += maxChanges) {
    const data = { changes: ofNodes.slice(at, at + maxChanges).map(written) };
    facts.push({ time, type: types.health, subject: 'map/health', data: data as unknown as Json });
  }
  return facts;
}

function processFact(change: Change, time: number): Draft {
  const process = change.id.slice('process:'.length);
  return {
    time,
    type: types.process,
    subject: `process/${process}`,
    name: process,
    state: change.health.shown,
    attributes: { process, was: change.from },
    data: written(change) as unknown as Json, // plain texts, numbers and lists of them
  };
}

function written({ id, from, health }: Change) {
  const { observed, inferred, shown, because, contradiction, evidence } = health;
  return {
    id,
    from,
    observed,
    inferred,
    shown,
    because,
    ...(contradiction && { contradiction }),
    ...(evidence.length > 0 && { evidence: evidence.slice(0, maxEvidence) }),
  };
}

/** The fact that the map and what happens do not agree. */
export function foundFact(problem: MapProblem, time: number): Draft {
  return {
    time,
    type: types.found,
    subject: `mapproblem/${problem.id}`,
    attributes: {
      problem: problem.kind,
      ...(problem.node !== undefined && { node: problem.node }),
    },
    data: problem as unknown as Json, // plain texts, numbers and lists of them
  };
}

/** The fact that they agree again. */
export function resolvedFact(problem: MapProblem, time: number): Draft {
  return {
    time,
    type: types.resolved,
    subject: `mapproblem/${problem.id}`,
    attributes: { problem: problem.kind },
    data: { id: problem.id, since: problem.since },
  };
}

/** What a fact of the map's says; undefined for any other event, and for what makes no sense. */
export function mapFactOf(event: PlacedEvent): MapFact | undefined {
  const data = isRecord(event.data) ? event.data : {};
  switch (event.type) {
    case types.declared:
      return declaredBy(event, data);
    case types.watched:
      return typeof data['silentSince'] === 'number'
        ? { kind: 'watched', silentSince: data['silentSince'] }
        : undefined;
    case types.health:
      return { kind: 'health', changes: listIn(data, 'changes').flatMap(changeOf) };
    case types.process:
      return { kind: 'health', changes: changeOf(data) };
    case types.found:
      // It was written from the same type; what it lacks shows as nothing.
      return typeof data['id'] === 'string'
        ? { kind: 'found', problem: data as unknown as MapProblem }
        : undefined;
    case types.resolved:
      return typeof data['id'] === 'string' ? { kind: 'resolved', id: data['id'] } : undefined;
    default:
      return undefined;
  }
}

function declaredBy(event: PlacedEvent, data: Record<string, unknown>): MapFact | undefined {
  const { file, text, hash, imported } = data;
  if (typeof file !== 'string' || typeof text !== 'string' || typeof hash !== 'string')
    return undefined;
  const declaration = {
    file,
    text,
    hash,
    imported: isRecord(imported) ? (imported as Record<string, string>) : {},
    by: event.attributes?.['actor'] ?? 'unknown',
    added: textsIn(data, 'added'),
    removed: textsIn(data, 'removed'),
    changed: textsIn(data, 'changed'),
  };
  return { kind: 'declared', declaration };
}

function changeOf(value: unknown): Change[] {
  if (!isRecord(value) || typeof value['id'] !== 'string') return [];
  const health = {
    observed: stateIn(value, 'observed'),
    inferred: stateIn(value, 'inferred'),
    shown: stateIn(value, 'shown'),
    because: textsIn(value, 'because'),
    contradiction: value['contradiction'] === true,
    evidence: listIn(value, 'evidence').filter(isRecord) as unknown as Evidence[],
  };
  return [{ id: value['id'], from: stateIn(value, 'from'), health }];
}

function stateIn(of: Record<string, unknown>, name: string): HealthState {
  const word = of[name];
  return healthStates.find((state) => state === word) ?? 'no-evidence';
}

function listIn(of: Record<string, unknown>, name: string): unknown[] {
  const value = of[name];
  return Array.isArray(value) ? value : [];
}

function textsIn(of: Record<string, unknown>, name: string): string[] {
  return listIn(of, name).filter((one) => typeof one === 'string');
}
