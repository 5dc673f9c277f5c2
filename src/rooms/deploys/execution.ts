import type { Draft, Json } from '../../event/event.ts';
import type { Context } from '../room.ts';
import type { Report as Reported } from '../where/facts.ts';
import { checkedName, leased, waitingHere } from './checked.ts';
import type { End, Refuse, Report, SmokeReport, Start, Verify } from './command.ts';
import type { Result } from './deploy.ts';
import { deploysError } from './errors.ts';
import { deployFactOf, factOf, laneSubject, namesOf, toldFact } from './facts.ts';
import { isGood, isSame, laneOf } from './lanes.ts';
import type { SmokeRecord, StageRecord, VersionRecord } from './record.ts';
import { type DeploysState, maxSmoke, maxStages } from './state.ts';

const maxText = 500;
const maxReason = 2_000;

/** A gate refuses what waits. Throws TERR_DEPLOYS_UNKNOWN, TERR_DEPLOYS_STATE. */
export function refuse(state: DeploysState, { deploy, words }: Refuse, context: Context): Draft {
  const refused = waitingHere(state, deploy);
  const reason = words.map((one) => one.reason).join('; ');
  const fact = toldFact(refused, context, {
    report: 'refused',
    reason: reason.slice(0, maxReason),
    data: { refusals: words.map((one) => ({ ...one })) },
  });
  const rule = [...new Set(words.map((one) => one.rule))].join(',');
  return { ...fact, attributes: { ...fact.attributes, rule } };
}

/**
 * Gives the lane to a deploy: the offset of this fact is the token of its lease. Throws
 * TERR_DEPLOYS_UNKNOWN, TERR_DEPLOYS_STATE, TERR_DEPLOYS_LANE.
 */
export function start(state: DeploysState, asked: Start, context: Context): Draft {
  const deploy = waitingHere(state, asked.deploy);
  const { running } = laneOf(state.lanes, deploy);
  if (running !== undefined)
    throw deploysError('LANE', `deploy ${running} runs in ${deploy.environment}`);
  const { digest, previous } = asked;
  const broken = [...new Set(asked.broken)];
  return toldFact(deploy, context, {
    report: 'started',
    data: {
      runner: checkedName(asked.runner, 'runner'),
      digest,
      previous,
      broken: broken.length > 0 ? broken : undefined,
    },
  });
}

/** What is new of the stages; nothing when nothing is. Throws TERR_DEPLOYS_FENCED. */
export function report(state: DeploysState, asked: Report, context: Context): Draft | undefined {
  const deploy = leased(state, asked.deploy, asked.token);
  const known = new Map(deploy.stages.map((one) => [stageKey(one), JSON.stringify(plain(one))]));
  const news = asked.stages
    .slice(0, maxStages)
    .map(plain)
    .filter((one) => known.get(stageKey(one)) !== JSON.stringify(one));
  return news.length === 0
    ? undefined
    : deployFactOf('deploy.stage', deploy, context, { stages: news });
}

const stageKey = ({ stage, started }: StageRecord): string => `${stage} ${started}`;

/** In one order of members, so that the same is the same. */
function plain({ stage, state, started, ended, text }: StageRecord) {
  return { stage, state, started, ended, text: cut(text) };
}

const cut = (text: string | null): string | null => text?.slice(0, maxText) ?? null;

/** What is new of the smoke test. Throws TERR_DEPLOYS_FENCED. */
export function smoke(
  state: DeploysState,
  asked: SmokeReport,
  context: Context,
): Draft | undefined {
  const deploy = leased(state, asked.deploy, asked.token);
  const known = new Map(deploy.smoke.map((one) => [one.scenario, JSON.stringify(run(one))]));
  const news = asked.smoke
    .slice(0, maxSmoke)
    .map(run)
    .filter((one) => known.get(one.scenario) !== JSON.stringify(one));
  return news.length === 0
    ? undefined
    : deployFactOf('deploy.smoke', deploy, context, { smoke: news });
}

function run({ scenario, state, seconds, text }: SmokeRecord) {
  return { scenario: scenario.slice(0, maxText), state, seconds, text: cut(text) };
}

const reported: Readonly<Record<Result, Reported>> = {
  succeeded: 'finished',
  failed: 'failed',
  // The version did not stay: it is no deploy of it, and what stood there stands there.
  'rolled-back': 'failed',
  cancelled: 'cancelled',
  lost: 'lost',
};

/** Ends what runs, and frees its lane. Throws TERR_DEPLOYS_FENCED. */
export function end(state: DeploysState, asked: End, context: Context): Draft {
  const deploy = leased(state, asked.deploy, asked.token);
  const { result, stage, serves, backSeconds } = asked;
  const text = asked.reason?.trim().slice(0, maxReason);
  const reason = text === '' ? undefined : text;
  const data: { readonly [name: string]: Json | undefined } = {
    result,
    stage,
    backSeconds,
    serves: serves ?? undefined,
    seconds: Math.max(0, context.now - (deploy.started ?? context.now)) / 1_000,
    kind: deploy.kind,
    reason,
  };
  return toldFact(deploy, context, { report: reported[result], reason, data });
}

/**
 * Evidence bears a version out; nothing when that is known and nothing spoke against it since, or
 * when the deploy is not what stands there any more. Throws TERR_DEPLOYS_INVALID.
 */
export function verify(state: DeploysState, asked: Verify, context: Context): Draft | undefined {
  const app = checkedName(asked.app, 'app');
  const environment = checkedName(asked.environment, 'environment');
  const version = checkedName(asked.version, 'version');
  const { deploy: id = '', digest } = asked;
  const lane = laneOf(state.lanes, { app, environment });
  const known = lane.versions.get(version);
  const stands = lane.stands?.version === version;
  if (stands ? known && isKnown(known, digest) : asked.deploy !== undefined) return undefined;
  return factOf('deploy.verified', context, {
    subject: laneSubject(app, environment),
    app,
    environment,
    attributes:
      id === '' ? { 'service.version': version } : namesOf({ id, app, environment, version }),
    data: { version, digest, deploy: asked.deploy },
  });
}

/** Whether it was borne out since it last came to stand there, as this artefact. */
function isKnown(known: VersionRecord, digest: string | undefined): boolean {
  const { verified, stood } = known;
  return (
    isGood(known) &&
    isSame(known.digest, digest) &&
    // Of one that others brought both are the same fact.
    (verified?.offset ?? 0) >= (stood?.offset ?? 0)
  );
}
