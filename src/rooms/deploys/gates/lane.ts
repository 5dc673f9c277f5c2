import { laneOf, rateSpan } from '../lanes.ts';
import { aheadOf, reservationNow } from '../queue.ts';
import type { DeployRecord } from '../record.ts';
import type { Asking, Words } from './asking.ts';

/** A time that is kept for somebody else. */
export function reservationWords({ state, question, when }: Asking): Words {
  const { environment, by } = question;
  const one = reservationNow(state, environment, when);
  if (!one || one.by === by) return [];
  const why = one.reason === undefined ? '' : `: ${one.reason}`;
  return [
    {
      word: 'waits',
      reason: `${one.by} has reserved ${environment} for ${one.app}${why}`,
      until: one.until,
      by: one.by,
      lifts: `${one.by} or a gatekeeper: territory reserve --release ${one.id}`,
    },
  ];
}

/** So many deploys of one application within an hour. */
export function rateWords({ state, question, policy, when }: Asking): Words {
  const { perHour } = policy;
  if (perHour === null) return [];
  const starts = laneOf(state.lanes, question).starts.filter((at) => at > when - rateSpan);
  const oldest = starts.at(-perHour);
  if (oldest === undefined) return [];
  return [
    {
      word: 'waits',
      reason: `${question.app} was deployed ${starts.length} times within an hour; ${question.environment} allows ${perHour}`,
      until: oldest + rateSpan,
      lifts: 'time, or a gatekeeper: territory environment set --per-hour',
    },
  ];
}

/** One at a time in a lane, in its order, and not before the time that was asked for. */
export function laneWords(asking: Asking): Words {
  const { question, knowledge, now, when } = asking;
  const { environment } = question;
  return [
    ...(when > now
      ? [{ word: 'waits' as const, reason: 'it was asked for a later time', until: when }]
      : []),
    ...wayOf(asking),
    ...(knowledge.runner === false
      ? [
          {
            word: 'waits' as const,
            reason: `no runner of ${environment} asks for work`,
            lifts: 'territory runner on the machine of the environment',
          },
        ]
      : []),
  ];
}

function wayOf({ state, question, knowledge, deploy, now }: Asking): Words {
  const { running: id } = laneOf(state.lanes, question);
  const running = state.deploys.get(id ?? '');
  if (running) return [{ word: 'waits', reason: `${nameOf(running)} runs` }];
  const { held = nothing } = knowledge;
  // One that was not asked for yet would be the last.
  const itself = { ...question, offset: deploy?.offset ?? Number.MAX_SAFE_INTEGER };
  const ahead = aheadOf(state, itself, { now, held });
  let [first] = ahead;
  for (const one of ahead) if (first && isBefore(one, first)) first = one;
  if (!first) return [];
  const others = ahead.length === 1 ? '' : `, and ${ahead.length - 1} more`;
  return [{ word: 'waits', reason: `${nameOf(first)} is before it${others}` }];
}

const nothing: ReadonlySet<string> = new Set();

function isBefore(one: DeployRecord, other: DeployRecord): boolean {
  const back = Number(one.kind !== 'rollback') - Number(other.kind !== 'rollback');
  return (back || one.offset - other.offset) < 0;
}

const nameOf = ({ app, version, by, kind }: DeployRecord): string =>
  `${kind === 'deploy' ? 'the deploy' : `the ${kind}`} of ${app} ${version} by ${by}`;
