import type { Deploy, Environment, Proof, Reservation } from '../api/contract-deploys.ts';
import { isAuthor } from '../../rooms/deploys/author.ts';
import type * as gates from '../../rooms/deploys/deploy.ts';
import { stateOf as waitState } from '../../rooms/deploys/gates.ts';
import type {
  DeployRecord,
  Policy,
  ProofRecord,
  ReservationRecord,
} from '../../rooms/deploys/record.ts';

/** What is known of a deploy beside what is remembered of it. */
export interface Around {
  /** What the gates say of it now; of one that does not wait nothing. */
  readonly words: readonly gates.GateWord[];
  readonly position: number | undefined;
  readonly eta: number | undefined;
  readonly expected: number | undefined;
  readonly proof: ProofRecord | undefined;
  /** The last word of its runner, ms since the epoch. */
  readonly heard: number | undefined;
  readonly logBytes: number;
}

/** A deploy as the API shows it. */
export function deployView(deploy: DeployRecord, around: Around): Deploy {
  const { id, kind, app, environment, version, by, at } = deploy;
  const { position, eta, expected, proof, heard, logBytes } = around;
  return {
    id,
    kind,
    app,
    environment,
    version,
    digest: orNull(deploy.digest),
    previous: orNull(deploy.previous),
    state: stateOf(deploy, around.words),
    stage: stageOf(deploy),
    stages: [...deploy.stages],
    requested: { by, at, reason: orNull(deploy.reason) },
    notBefore: orNull(deploy.notBefore),
    waiting: waitingOf(deploy, around).map(wordView),
    position: orNull(position),
    eta: orNull(eta),
    started: orNull(deploy.started),
    ended: orNull(deploy.ended),
    expected: orNull(expected),
    runner: orNull(deploy.runner),
    token: orNull(deploy.token),
    heard: orNull(heard),
    reason: orNull(deploy.because),
    level: orNull(deploy.level),
    risks: [...deploy.risks],
    approvals: deploy.approvals.map((one) => ({ by: one.by, at: one.at, text: orNull(one.text) })),
    acknowledgements: acknowledgements(deploy),
    broken: brokenView(deploy),
    smoke: [...deploy.smoke],
    proof: orNull(proof && proofView(proof)),
    verified: orNull(deploy.verified),
    logBytes,
    thread: `facts-${deploy.offset}`,
  };
}

/** What is not known is null in the API. */
export const orNull = <T>(value: T | undefined): T | null => value ?? null;

function brokenView({ broken }: DeployRecord): Deploy['broken'] {
  return broken ? { ...broken, rules: [...broken.rules] } : null;
}

/** Nothing but its turn holds one that is queued. */
export function stateOf({ state }: DeployRecord, words: readonly gates.GateWord[]) {
  return state === 'waiting' ? waitState(words) : state;
}

/** Of one that waits what holds or warns; of one that was refused why. */
function waitingOf({ state, refusals }: DeployRecord, { words }: Around) {
  if (state === 'refused') return refusals;
  return state === 'waiting' ? words.filter(({ word }) => word !== 'passes') : [];
}

/** Where it is, or where it ended. */
function stageOf({ stages }: DeployRecord): Deploy['stage'] {
  const now = stages.find(({ state }) => state === 'running') ?? stages.at(-1);
  return now?.stage ?? null;
}

/** Those who were asked, and those who spoke up without. */
function acknowledgements({ authors, opinions }: DeployRecord): Deploy['acknowledgements'] {
  const said = new Set(opinions);
  const asked = authors.map(({ author, commits }) => {
    const one = opinions.find(({ by }) => isAuthor(author, by));
    if (one) said.delete(one);
    return opinionView({ author, commits }, one);
  });
  const others = [...said].map((one) => opinionView({ author: one.by, commits: 0 }, one));
  return [...asked, ...others];
}

function opinionView(
  about: DeployRecord['authors'][number],
  one: DeployRecord['opinions'][number] | undefined,
): Deploy['acknowledgements'][number] {
  const { author, commits } = about;
  return {
    author,
    commits,
    state: one?.says ?? 'silent',
    at: one?.at ?? null,
    text: one?.text ?? null,
  };
}

/** What one gate says, as the API shows it. */
export function wordView(one: gates.GateWord): Deploy['waiting'][number] {
  const { rule, word, reason, until = null, lifts = null, by = null } = one;
  return { rule, word, reason, until, lifts, by };
}

/** A rehearsal as the API shows it. */
export function proofView({ environment, from, to, at, seconds, good, text }: ProofRecord): Proof {
  return { environment, from, to, at, seconds, good, text: text ?? null };
}

/** What an environment asks of deploys, as the API shows it. */
export function environmentView(name: string, policy: Policy, declared: boolean): Environment {
  return { name, ...policy, declared };
}

/** A reserved time as the API shows it. */
export function reservationView(one: ReservationRecord, now: number): Reservation {
  const { id, app, environment, by, from, until, reason, ended } = one;
  return {
    id,
    app,
    environment,
    by,
    from,
    until,
    reason: reason ?? null,
    ended: ended !== undefined || until <= now,
  };
}
