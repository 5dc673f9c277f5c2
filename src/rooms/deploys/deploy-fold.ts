import { defined } from '../alerts/facts.ts';
import type { Happening } from './facts.ts';
import { begun, ended, laneOf, putLane, queued, succeeded, unqueued, verified } from './lanes.ts';
import { authorsIn, kindIn, rulesIn, smokeIn, stagesIn, textsIn, wordsIn } from './payload.ts';
import type { DeployRecord, LaneRecord, RecordState } from './record.ts';
import {
  type DeploysState,
  type Fact,
  byOf,
  consentOf,
  forget,
  markOf,
  maxProofs,
  maxSmoke,
  maxStages,
} from './state.ts';

type Fold = (state: DeploysState, deploy: DeployRecord, fact: Fact) => void;

/** Folds what is about a deploy. */
export function foldDeploy(state: DeploysState, happening: Happening, fact: Fact): void {
  if (happening === 'deploy.requested') return foldRequest(state, fact);
  if (happening === 'deploy.verified') return foldVerified(state, fact);
  const deploy = state.deploys.get(fact.payload.text('deploy') ?? '');
  const fold = folds[happening];
  if (deploy && fold && isOpen(deploy)) fold(state, deploy, fact);
}

const isOpen = ({ state }: DeployRecord): boolean => state === 'waiting' || state === 'running';

const folds: Partial<Record<Happening, Fold>> = {
  'deploy.refused': (state, deploy, fact) => {
    const { payload } = fact;
    if (deploy.state !== 'waiting') return;
    const refusals = wordsIn(payload, 'refusals');
    const because = payload.text('reason');
    close(state, { ...deploy, state: 'refused', refusals, ...defined({ because }) }, fact);
  },
  'deploy.started': (state, deploy, fact) => {
    const { event, payload } = fact;
    const lane = laneOf(state.lanes, deploy);
    if (deploy.state !== 'waiting' || lane.running !== undefined) return;
    const { time, offset } = event;
    const found = defined({
      digest: payload.text('digest'),
      previous: payload.text('previous'),
      runner: payload.text('runner'),
    });
    const rules = [...new Set([...(deploy.broken?.rules ?? []), ...rulesIn(payload, 'broken')])];
    const broken = deploy.broken && { broken: { ...deploy.broken, rules } };
    const lease = { state: 'running', token: offset, started: time, heard: time } as const;
    state.deploys.set(deploy.id, { ...deploy, ...found, ...broken, ...lease });
    state.counters.started++;
    putLane(state.lanes, begun(lane, deploy, time));
  },
  'deploy.stage': (state, deploy, { event, payload }) => {
    const stages = [...deploy.stages];
    for (const one of stagesIn(payload, 'stages')) {
      // A rehearsal goes through them three times.
      const at = stages.findIndex((old) => old.stage === one.stage && old.started === one.started);
      if (at >= 0) stages[at] = one;
      else if (stages.length < maxStages) stages.push(one);
    }
    state.deploys.set(deploy.id, { ...deploy, stages, heard: event.time });
  },
  'deploy.smoke': (state, deploy, { event, payload }) => {
    const smoke = new Map(deploy.smoke.map((one) => [one.scenario, one]));
    for (const one of smokeIn(payload, 'smoke'))
      if (smoke.has(one.scenario) || smoke.size < maxSmoke) smoke.set(one.scenario, one);
    state.deploys.set(deploy.id, { ...deploy, smoke: [...smoke.values()], heard: event.time });
  },
  'deploy.cancelling': (state, deploy, fact) => {
    if (!deploy.cancel) state.deploys.set(deploy.id, { ...deploy, cancel: consentOf(fact) });
  },
  'deploy.approved': (state, deploy, fact) => {
    const digest = fact.payload.text('digest');
    const approval = defined({ ...consentOf(fact), digest });
    const others = deploy.approvals.filter(({ by }) => by !== approval.by);
    state.deploys.set(deploy.id, { ...deploy, approvals: [...others, approval].slice(-maxSaid) });
  },
  'deploy.acknowledged': (state, deploy, fact) =>
    opinion(state, deploy, { fact, says: 'acknowledged' }),
  'deploy.objected': (state, deploy, fact) => opinion(state, deploy, { fact, says: 'objected' }),
  'deploy.cancelled': (state, deploy, fact) => foldEnd(state, deploy, { fact, how: 'cancelled' }),
  'deploy.failed': (state, deploy, fact) =>
    foldEnd(state, deploy, {
      fact,
      how: fact.payload.text('result') === 'rolled-back' ? 'rolled-back' : 'failed',
    }),
  'deploy.lost': (state, deploy, fact) => foldEnd(state, deploy, { fact, how: 'lost' }),
  'service.deployed': (state, deploy, fact) => foldEnd(state, deploy, { fact, how: 'succeeded' }),
  'service.rolledback': (state, deploy, fact) => foldEnd(state, deploy, { fact, how: 'succeeded' }),
};

/** Approvals and opinions of one deploy. */
const maxSaid = 100;

function foldRequest(state: DeploysState, fact: Fact): void {
  const { event, payload } = fact;
  const { service: app, environment, time, offset } = event;
  const [id, kind] = [payload.text('deploy'), kindIn(payload, 'kind')];
  const version = payload.text('version');
  if (app === undefined || environment === undefined || version === undefined) return;
  if (id === undefined || kind === undefined || state.deploys.has(id)) return;
  const by = byOf(fact);
  const glass = payload.text('breakGlass');
  const deploy: DeployRecord = {
    id,
    kind,
    app,
    environment,
    version,
    by,
    at: time,
    offset,
    state: 'waiting',
    wait: payload.flag('wait'),
    risks: textsIn(payload, 'risks'),
    authors: authorsIn(payload, 'authors'),
    approvals: [],
    opinions: [],
    stages: [],
    smoke: [],
    refusals: [],
    ...defined({
      digest: payload.text('digest'),
      previous: payload.text('previous'),
      reason: payload.text('reason'),
      notBefore: payload.number('notBefore'),
      level: payload.text('level'),
      broken:
        glass === undefined ? undefined : { by, reason: glass, rules: rulesIn(payload, 'rules') },
    }),
  };
  state.deploys.set(id, deploy);
  state.counters.requested++;
  putLane(state.lanes, queued(laneOf(state.lanes, deploy), deploy));
  forget(state);
}

interface Ending {
  readonly fact: Fact;
  readonly how: Exclude<RecordState, 'waiting' | 'running' | 'refused'>;
}

function foldEnd(state: DeploysState, deploy: DeployRecord, { fact, how }: Ending): void {
  const { payload } = fact;
  // Whoever waits can be cancelled; every other end is that of something that ran.
  if (deploy.state === 'waiting' && how !== 'cancelled') return;
  const stages = deploy.stages.map((one) => closedStage(one, how, fact.event.time));
  const done: DeployRecord = {
    ...deploy,
    stages,
    state: how,
    ...defined({ because: payload.text('reason'), serves: payload.text('serves') }),
  };
  rehearsed(state, done, fact);
  close(state, done, fact);
}

/** What was under way when it ended is not under way any more. */
function closedStage(
  one: DeployRecord['stages'][number],
  how: Ending['how'],
  at: number,
): DeployRecord['stages'][number] {
  if (one.state !== 'running') return one;
  return { ...one, state: how === 'succeeded' ? 'done' : 'failed', ended: at };
}

/** Ends a deploy: its lane is free, or the queue is without it. */
function close(state: DeploysState, deploy: DeployRecord, fact: Fact): void {
  const lane = laneOf(state.lanes, deploy);
  state.deploys.set(deploy.id, { ...deploy, ended: fact.event.time });
  putLane(
    state.lanes,
    lane.running === deploy.id ? left(lane, deploy, fact) : unqueued(lane, deploy),
  );
  count(state, deploy.state);
  forget(state);
}

function left(lane: LaneRecord, deploy: DeployRecord, fact: Fact): LaneRecord {
  const end = deploy.state === 'succeeded' ? succeeded : ended;
  return end(lane, deploy, markOf(fact));
}

function count({ counters }: DeploysState, how: RecordState): void {
  if (how === 'rolled-back') counters.rolledBack++;
  else if (how !== 'waiting' && how !== 'running') counters[how]++;
}

/** The outcome of a rehearsal is kept beside the deploy, which will be forgotten. */
function rehearsed({ proofs }: DeploysState, deploy: DeployRecord, { event, payload }: Fact): void {
  const { kind, app, environment, previous, version, state, because } = deploy;
  const seconds = payload.number('backSeconds');
  if (kind !== 'rehearsal' || previous === undefined || state === 'cancelled') return;
  const good = state === 'succeeded' && seconds !== undefined;
  const key = `${app}\0${version}`;
  proofs.delete(key);
  const proof = { app, environment, from: previous, to: version, at: event.time, good };
  proofs.set(key, { ...proof, seconds: seconds ?? 0, ...defined({ text: because }) });
  const [oldest] = proofs.keys();
  if (proofs.size > maxProofs && oldest !== undefined) proofs.delete(oldest);
}

function opinion(
  state: DeploysState,
  deploy: DeployRecord,
  { fact, says }: { readonly fact: Fact; readonly says: 'acknowledged' | 'objected' },
): void {
  const one = { ...consentOf(fact), says, gatekeeper: fact.payload.flag('gatekeeper') };
  const others = deploy.opinions.filter(({ by }) => by !== one.by);
  state.deploys.set(deploy.id, { ...deploy, opinions: [...others, one].slice(-maxSaid) });
}

function foldVerified(state: DeploysState, fact: Fact): void {
  const { event, payload } = fact;
  const { service: app, environment } = event;
  const version = payload.text('version');
  if (app === undefined || environment === undefined || version === undefined) return;
  const said = defined({ version, digest: payload.text('digest'), deploy: payload.text('deploy') });
  const lane = laneOf(state.lanes, { app, environment });
  putLane(state.lanes, verified(lane, said, markOf(fact)));
  const deploy = state.deploys.get(said.deploy ?? '');
  if (deploy && deploy.verified === undefined)
    state.deploys.set(deploy.id, { ...deploy, verified: event.time });
}
