import { type Stage, stages } from '../../rooms/deploys/deploy.ts';
import { heldUntil, mayOf } from '../../rooms/deploys/gates.ts';
import { laneOf } from '../../rooms/deploys/lanes.ts';
import { type Held, type LaneQueue, expectedOf, laneQueue } from '../../rooms/deploys/queue.ts';
import { proofOf, rollbackTarget } from '../../rooms/deploys/rollback.ts';
import type { DeploysState } from '../../rooms/deploys/state.ts';
import type { Release } from '../../rooms/releases/artefact/release.ts';
import type { Plan } from '../api/contract-deploys.ts';
import type { Judged } from './judging.ts';
import { orNull, proofView, wordView } from './views.ts';

/** What a plan is made from beside what was judged. */
interface Around {
  readonly state: DeploysState;
  /** ms since the epoch. */
  readonly now: number;
  readonly held: Held;
  /** The release that stands there. */
  readonly before: Release | undefined;
}

/** What would happen, and nothing of it happens. */
export function planOf(judged: Judged, around: Around): Plan {
  const { question, words, release, previous, difference, knowledge } = judged;
  const { app, environment, version, kind } = question;
  const { state, now, held, before } = around;
  const queue = laneQueue(state, question, { now, held });
  const migrations = newMigrations(release, before);
  const proof = proofOf(state, app, version);
  return {
    app,
    environment,
    version,
    kind,
    previous: orNull(previous),
    may: mayOf(words),
    gates: words.map(wordView),
    level: orNull(difference?.level),
    strategy: orNull(release?.delivery?.strategy.kind),
    stages: stagesOf(migrations, previous !== undefined),
    migrations,
    missing: [...(knowledge.missing ?? [])],
    reversible: orNull(release && reversibleOf(release)),
    commits: commitsOf(judged),
    proof: orNull(proof && proofView(proof)),
    position: positionOf(judged, queue, held),
    eta: orNull(etaOf(judged, queue, around)),
    expected: orNull(expectedOf(laneOf(state.lanes, question), { kind })),
    rollbackTo: orNull(rollbackTarget(state, question, version)?.version),
  };
}

function newMigrations(
  release: Release | undefined,
  before: Release | undefined,
): Plan['migrations'] {
  const keyOf = ({ db, id }: Release['migrations'][number]) => JSON.stringify([db, id]);
  const ran = new Set(before?.migrations.map(keyOf));
  return (release?.migrations ?? [])
    .filter((one) => !ran.has(keyOf(one)))
    .map(({ db, id, phase, down }) => ({ db, id, phase, down }));
}

function reversibleOf({ reversible }: Release): NonNullable<Plan['reversible']> {
  return { value: reversible.value, why: [...reversible.why] };
}

function commitsOf({ difference }: Judged): Plan['commits'] {
  if (!difference?.commits) return null;
  const { added, removed, authors } = difference.commits;
  return { added, removed, authors: authors.map(({ name }) => name) };
}

/** Stages in which there is nothing to do are left out. */
function stagesOf(migrations: Plan['migrations'], replaces: boolean): Stage[] {
  const expands = migrations.some(({ phase }) => phase === 'expand');
  return stages.filter(
    (stage) => (stage !== 'migrating' || expands) && (stage !== 'draining-old' || replaces),
  );
}

function positionOf({ words, question }: Judged, { waiting }: LaneQueue, held: Held) {
  if (mayOf(words) === 'refused') return null;
  if (question.kind === 'rollback') return 1;
  return waiting.filter(({ deploy }) => !held.has(deploy.id)).length + 1;
}

/** When one that is asked for now is expected to begin, ms since the epoch. */
function etaOf(
  { words, question }: Judged,
  queue: LaneQueue,
  { now, state }: Around,
): number | undefined {
  const own = heldUntil(words);
  const until = own ? own.until : now;
  const free = freeAt(state, queue, { now, first: question.kind === 'rollback' });
  if (mayOf(words) === 'refused' || until === undefined || free === undefined) return undefined;
  return Math.max(now, free, until, question.notBefore ?? now);
}

/** When what runs and waits in a lane is expected to be done; undefined: nobody knows. */
function freeAt(
  state: DeploysState,
  { running, waiting }: LaneQueue,
  { now, first }: { readonly now: number; readonly first: boolean },
): number | undefined {
  const last = first ? undefined : waiting.at(-1);
  const before = last?.deploy ?? running;
  if (!before) return now;
  const begins = last ? last.eta : before.started;
  const took = expectedOf(laneOf(state.lanes, before), before);
  return begins === undefined || took === undefined ? undefined : begins + took;
}
