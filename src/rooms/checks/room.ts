import type { Draft } from '../../event/event.ts';
import type { Context, Room } from '../room.ts';
import { lostBy } from './coverage.ts';
import type { CheckDefinition } from './definition.ts';
import { checkRoomError } from './errors.ts';
import { checkSubject, factOf, featureSubject, heard } from './facts.ts';
import { type Judgement, judgementKey } from './judgement.ts';
import type { LifeHappening } from './life.ts';
import { definitionData } from './payload.ts';
import { checksSource } from './run.ts';
import {
  type ChecksState,
  type KnownCheck,
  foldChecks,
  maxChecks,
  maxFeatures,
  quarantineOf,
  startChecks,
} from './state.ts';

/** What people and the server tell the room. */
export type ChecksCommand =
  /** `revision`: of the feature that is saved over, 0 where there is none. */
  | {
      readonly kind: 'save-feature';
      readonly file: string;
      readonly text: string;
      readonly revision: number;
    }
  | { readonly kind: 'remove-feature'; readonly file: string; readonly revision: number }
  | {
      readonly kind: 'quarantine';
      readonly check: string;
      readonly reason: string;
      /** ms since the epoch. */
      readonly until: number;
    }
  | { readonly kind: 'unquarantine'; readonly check: string }
  /** There is such a check, or it is another by now. */
  | { readonly kind: 'define'; readonly definition: CheckDefinition }
  | { readonly kind: 'retire'; readonly check: string }
  /** What `advance` said. Give it with the happening's id, and it is told once. */
  | { readonly kind: 'happened'; readonly check: string; readonly happening: LifeHappening }
  /** Keeps a verdict of a release. */
  | { readonly kind: 'judge'; readonly judgement: Omit<Judgement, 'at'> };

export type ChecksRoom = Room<ChecksState, ChecksCommand>;

const longestQuarantine = 30 * 86_400_000;
const maxReason = 500;
const maxText = 200_000;
const maxFile = 300;

/** The room of checks. */
export const checksRoom: ChecksRoom = {
  name: 'checks',
  source: checksSource,
  hears: heard,
  start: startChecks,
  fold: foldChecks,
  subjectOf: (_state, command) => subjectOf(command),
  decide,
};

function subjectOf(command: ChecksCommand): string {
  switch (command.kind) {
    case 'save-feature':
    case 'remove-feature':
      return featureSubject(command.file);
    case 'define':
      return checkSubject(command.definition.id);
    case 'judge':
      return judgedSubject(command.judgement);
    case 'quarantine':
    case 'unquarantine':
    case 'retire':
    case 'happened':
      return checkSubject(command.check);
  }
}

function decide(state: ChecksState, command: ChecksCommand, context: Context): Draft | undefined {
  switch (command.kind) {
    case 'save-feature':
      return saveFeature(state, command, context);
    case 'remove-feature':
      return removeFeature(state, command, context);
    case 'quarantine':
      return quarantine(state, command, context);
    case 'unquarantine':
      return unquarantine(state, command.check, context);
    case 'define':
      return define(state, command.definition, context);
    case 'retire':
      return retire(state, command.check, context);
    case 'happened':
      return happened(state, command.check, command.happening);
    case 'judge':
      return judge(state, command.judgement, context);
  }
}

type Of<Kind extends ChecksCommand['kind']> = ChecksCommand & { readonly kind: Kind };

/** Throws TERR_CHECKROOM_INVALID, TERR_CHECKROOM_CONFLICT, TERR_CHECKROOM_FULL. */
function saveFeature(
  { features }: ChecksState,
  { file, text, revision }: Of<'save-feature'>,
  { now, actor }: Context,
): Draft | undefined {
  checkFile(file);
  if (text.trim() === '') throw invalid('text', 'write a feature, or take it away');
  if (text.length > maxText)
    throw invalid('text', `a feature has ${maxText} characters at most; make two of it`);
  const known = features.get(file);
  checkRevision(known?.revision ?? 0, revision, file);
  if (known?.text === text) return undefined;
  if (!known && features.size >= maxFeatures)
    throw checkRoomError('FULL', `there are ${maxFeatures} features; keep them in a folder`);
  return factOf('feature.saved', {
    subject: featureSubject(file),
    at: now,
    actor,
    name: file,
    data: { text },
  });
}

/** Throws TERR_CHECKROOM_UNKNOWN, TERR_CHECKROOM_CONFLICT. */
function removeFeature(
  { features }: ChecksState,
  { file, revision }: Of<'remove-feature'>,
  { now, actor }: Context,
): Draft {
  const known = features.get(file);
  if (!known)
    throw checkRoomError('UNKNOWN', `no feature ${file.slice(0, maxFile)} is edited here`);
  checkRevision(known.revision, revision, file);
  return factOf('feature.removed', { subject: featureSubject(file), at: now, actor, name: file });
}

function checkRevision(is: number, given: number, file: string): void {
  if (is === given) return;
  throw checkRoomError(
    'CONFLICT',
    `${file} is at revision ${is}, and ${given} was changed: look at what is there, and save again`,
    { field: 'revision' },
  );
}

/** A path below the folder of features. Throws TERR_CHECKROOM_INVALID. */
function checkFile(file: string): void {
  const parts = file.split('/');
  const isPlain = parts.every((part) => /^[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u.test(part));
  if (isPlain && file.length <= maxFile && /\.feature(\.md)?$/.test(file)) return;
  throw invalid(
    'file',
    `"${file.slice(0, 100)}" is no path of a feature, such as shop/basket.feature`,
  );
}

/** Throws TERR_CHECKROOM_UNKNOWN, TERR_CHECKROOM_INVALID. */
function quarantine(
  state: ChecksState,
  { check, reason, until }: Of<'quarantine'>,
  { now, actor }: Context,
): Draft {
  const { definition } = checkHere(state, check);
  const why = reason.trim();
  if (why === '' || why.length > maxReason)
    throw invalid('reason', `say why, in 1 to ${maxReason} characters`);
  if (!(until > now)) throw invalid('until', 'it ends after now');
  if (until - now > longestQuarantine)
    throw invalid('until', 'it lasts 30 days at most: mend the check, or take it away');
  const data = { reason: why, until };
  return factOf('check.quarantined', { ...about(definition), at: now, actor, data });
}

/** Ended twice is ended. Throws TERR_CHECKROOM_UNKNOWN. */
function unquarantine(state: ChecksState, check: string, { now, actor }: Context) {
  const { definition } = checkHere(state, check);
  if (!quarantineOf(state, check, now)) return undefined;
  return factOf('check.unquarantined', { ...about(definition), at: now, actor });
}

/** Throws TERR_CHECKROOM_FULL. */
function define(state: ChecksState, definition: CheckDefinition, { now, actor }: Context) {
  const known = state.checks.get(definition.id);
  const data = definitionData(definition);
  if (known && isSame(data, definitionData(known.definition))) return undefined;
  if (!known && state.checks.size >= maxChecks)
    throw checkRoomError('FULL', `there are ${maxChecks} checks`);
  const lost = known ? lostBy(state, known.definition, definition) : [];
  return factOf(known ? 'check.changed' : 'check.defined', {
    ...about(definition),
    at: now,
    actor,
    data: { ...data, ...(lost.length > 0 && { lost }) },
  });
}

function retire(state: ChecksState, check: string, { now, actor }: Context): Draft | undefined {
  const known = state.checks.get(check);
  if (!known) return undefined;
  const lost = lostBy(state, known.definition, undefined);
  const data = lost.length === 0 ? {} : { lost };
  return factOf('check.retired', { ...about(known.definition), at: now, actor, data });
}

const isSame = (one: object, other: object): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

const sorted = (one: object): [string, unknown][] =>
  Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1));

function happened(state: ChecksState, check: string, happening: LifeHappening): Draft {
  const { kind, id: _id, at, ...data } = happening;
  const known = state.checks.get(check)?.definition;
  return factOf(`check.${kind}`, {
    ...(known ? about(known) : { subject: checkSubject(check) }),
    at,
    ...('to' in happening && { state: happening.to }),
    data: JSON.parse(JSON.stringify(data)), // without what is undefined in it
  });
}

function judge(
  { judgements }: ChecksState,
  judgement: Omit<Judgement, 'at'>,
  { now }: Context,
): Draft | undefined {
  const known = judgements.get(judgementKey(judgement));
  const { application, environment, budgets, ...rest } = judgement;
  const isSaid = known?.verdict === rest.verdict && known.since === rest.since;
  if (isSaid && (budgets === undefined || known.budgets !== undefined)) return undefined;
  const data = { ...rest, ...(budgets && { budgets: budgets.map((one) => ({ ...one })) }) };
  const subject = judgedSubject(judgement);
  return factOf('check.judged', { subject, at: now, application, environment, data });
}

const judgedSubject = ({ application, environment, version }: Omit<Judgement, 'at'>): string =>
  `checks/${application}/${environment}/${version}`;

function about({ id, name, application, environment }: CheckDefinition) {
  return { subject: checkSubject(id), name, application, environment };
}

/** Throws TERR_CHECKROOM_UNKNOWN. */
function checkHere({ checks }: ChecksState, check: string): KnownCheck {
  const known = checks.get(check);
  if (known) return known;
  throw checkRoomError('UNKNOWN', `there is no check ${check.slice(0, 200)}`);
}

function invalid(field: string, message: string) {
  return checkRoomError('INVALID', message, { field });
}
