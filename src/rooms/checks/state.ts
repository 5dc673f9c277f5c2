import type { PlacedEvent } from '../../event/codec.ts';
import { Payload } from '../alerts/facts.ts';
import { type Coverage, coverages, isCovered, lossText } from './coverage.ts';
import type { CheckDefinition } from './definition.ts';
import { type Happening, happeningOf } from './facts.ts';
import { definitionIn, judgementIn } from './payload.ts';
import { type Judgement, judgementKey } from './judgement.ts';

/** So many checks and features there may be. */
export const maxChecks = 5_000;
export const maxFeatures = 2_000;
/** So much is remembered of what happened to one check. */
export const maxChanges = 50;
/** Of so many releases in environments it is remembered what the checks said. */
export const maxJudgements = 2_000;

/** A check as the facts have it. */
export interface KnownCheck {
  readonly definition: CheckDefinition;
  /** When it was first defined, and last changed; ms since the epoch, UTC. */
  readonly defined: number;
  readonly changed: number;
}

/** A feature that is edited here. */
export interface KnownFeature {
  readonly file: string;
  readonly text: string;
  readonly by: string;
  readonly at: number;
  /** Offset of the fact that saved it: who saves over it has to know it. */
  readonly revision: number;
}

/** While it lasts a check makes no alert and holds no release; it runs and records as before. */
export interface Quarantine {
  readonly by: string;
  readonly reason: string;
  readonly since: number;
  readonly until: number;
}

/** Something that happened to a check. */
export interface CheckChange {
  readonly at: number;
  readonly what: string;
  readonly text: string | null;
  readonly offset: number;
}

/** What nobody looks after any more since a check was changed or taken away. */
export interface Loss {
  readonly check: string;
  readonly application: string | undefined;
  readonly environment: string;
  readonly what: Coverage;
  readonly at: number;
  readonly offset: number;
}

/** What the room knows: a fold of its facts. */
export interface ChecksState {
  readonly checks: Map<string, KnownCheck>;
  readonly features: Map<string, KnownFeature>;
  /** By check; it may have run out. */
  readonly quarantines: Map<string, Quarantine>;
  /** By check, the oldest first. */
  readonly changes: Map<string, readonly CheckChange[]>;
  /** By `judgementKey`, the longest unsaid first. */
  readonly judgements: Map<string, Judgement>;
  /** The last that were lost and are not looked after again, the oldest first. */
  losses: readonly Loss[];
}

export function startChecks(): ChecksState {
  return {
    checks: new Map(),
    features: new Map(),
    quarantines: new Map(),
    changes: new Map(),
    judgements: new Map(),
    losses: [],
  };
}

/** The quarantine that holds for a check at `now`. */
export function quarantineOf(
  { quarantines }: Pick<ChecksState, 'quarantines'>,
  check: string,
  now: number,
): Quarantine | undefined {
  const one = quarantines.get(check);
  return one && now < one.until ? one : undefined;
}

/** The state with one fact more. Total: what makes no sense changes nothing. */
export function foldChecks(state: ChecksState, event: PlacedEvent): ChecksState {
  const happening = happeningOf(event);
  if (!happening) return state;
  const { subject = '' } = event;
  const key = subject.slice(subject.indexOf('/') + 1);
  if (key !== '') folds[happening](state, { event, key, payload: new Payload(event.data) });
  return state;
}

interface Fact {
  readonly event: PlacedEvent;
  /** The check, or the feature. */
  readonly key: string;
  readonly payload: Payload;
}

type Fold = (state: ChecksState, fact: Fact) => void;

const folds: Readonly<Record<Happening, Fold>> = {
  'check.defined': (state, fact) => define(state, fact, 'defined'),
  'check.changed': (state, fact) => define(state, fact, 'changed'),
  'check.retired': (state, fact) => {
    const known = state.checks.get(fact.key);
    if (!known) return;
    state.checks.delete(fact.key);
    state.quarantines.delete(fact.key);
    remember(state, fact, 'retired', lossesText(fact, known.definition));
    lose(state, fact, known.definition);
  },
  'check.statechanged': (state, fact) => {
    const { state: to = '' } = fact.event;
    const stale = fact.payload.text('because') === 'stale' ? ' (stale)' : '';
    remember(state, fact, `${to}${stale}`, fact.payload.text('summary'));
  },
  'check.flappingstarted': (state, fact) => remember(state, fact, 'flapping began', percent(fact)),
  'check.flappingended': (state, fact) => remember(state, fact, 'flapping ended', percent(fact)),
  'check.quarantined': (state, fact) => {
    const { key, payload, event } = fact;
    const until = payload.number('until');
    if (until === undefined || !state.checks.has(key)) return;
    const [by, reason] = [payload.text('by') ?? '', payload.text('reason') ?? ''];
    state.quarantines.set(key, { by, reason, since: event.time, until });
    remember(state, fact, 'quarantined', `${by}: ${reason}`);
  },
  'check.unquarantined': (state, fact) => {
    if (state.quarantines.delete(fact.key))
      remember(state, fact, 'quarantine lifted', fact.payload.text('by'));
  },
  'check.judged': ({ judgements }, { event, payload }) => {
    const judgement = judgementIn(event, payload);
    if (!judgement) return;
    const key = judgementKey(judgement);
    judgements.delete(key);
    judgements.set(key, judgement);
    dropOldest(judgements, maxJudgements);
  },
  'feature.saved': ({ features }, { event, key, payload }) => {
    const text = payload.text('text');
    if (text === undefined || (features.size >= maxFeatures && !features.has(key))) return;
    const by = payload.text('by') ?? '';
    features.set(key, { file: key, text, by, at: event.time, revision: event.offset });
  },
  'feature.removed': ({ features }, { key }) => void features.delete(key),
};

function define(state: ChecksState, fact: Fact, what: 'defined' | 'changed'): void {
  const { key, payload, event } = fact;
  const definition = definitionIn(key, payload);
  const known = state.checks.get(key);
  if (!definition || (!known && state.checks.size >= maxChecks)) return;
  const first = known?.defined ?? event.time;
  state.checks.set(key, { definition, defined: first, changed: event.time });
  const before = known?.definition ?? definition;
  remember(state, fact, what, lossesText(fact, before));
  lose(state, fact, before);
}

/** Of so many applications in environments it is remembered that nobody looks after them. */
const maxLosses = 200;

/** Notes what is lost, and forgets what is looked after again. */
function lose(state: ChecksState, fact: Fact, { application, environment }: CheckDefinition): void {
  const lost = lostIn(fact);
  if (lost.length === 0 && state.losses.length === 0) return;
  const { key: check, event } = fact;
  const rest = { check, application, environment, at: event.time, offset: event.offset };
  state.losses = [...state.losses, ...lost.map((what) => ({ ...rest, what }))]
    .filter((loss) => !isCovered(state, loss))
    .slice(-maxLosses);
}

function lostIn({ payload }: Fact): Coverage[] {
  const lost = payload.json('lost');
  return Array.isArray(lost) ? coverages.filter((one) => lost.includes(one)) : [];
}

function lossesText(fact: Fact, of: CheckDefinition): string | undefined {
  const texts = lostIn(fact).map((what) => lossText(what, of));
  return texts.length === 0 ? undefined : texts.join('; ');
}

const percent = ({ payload }: Fact): string | undefined => {
  const value = payload.number('percent');
  return value === undefined ? undefined : `${value.toFixed(1)} %`;
};

function remember(state: ChecksState, { key, event }: Fact, what: string, text?: string): void {
  const change = { at: event.time, what, text: text ?? null, offset: event.offset };
  const before = state.changes.get(key) ?? [];
  // Touched last is dropped last: checks that are gone go first.
  state.changes.delete(key);
  state.changes.set(key, [...before, change].slice(-maxChanges));
  dropOldest(state.changes, maxChecks);
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
