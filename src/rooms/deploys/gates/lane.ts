import { laneOf, rateSpan } from '../lanes.ts';
import { laneQueue, reservationNow } from '../queue.ts';
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
  const ahead = aheadOf(asking);
  return [
    ...(when > now
      ? [{ word: 'waits' as const, reason: 'it was asked for a later time', until: when }]
      : []),
    ...ahead,
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

function aheadOf({ state, question, knowledge, now }: Asking): Words {
  const held = new Map([...(knowledge.held ?? [])].map((id) => [id, undefined] as const));
  // It is held by nothing but its turn, when that is asked.
  held.delete(question.id ?? '');
  const { running, waiting } = laneQueue(state, question, { now, held });
  const own = waiting.findIndex(({ deploy }) => deploy.id === question.id);
  const before = (own < 0 ? waiting : waiting.slice(0, own))
    .map(({ deploy }) => deploy)
    .filter((one) => stands(one, held, question.kind, now));
  if (running) return [{ word: 'waits', reason: `${nameOf(running)} runs` }];
  const [first] = before;
  if (!first) return [];
  const others = before.length === 1 ? '' : `, and ${before.length - 1} more`;
  return [{ word: 'waits', reason: `${nameOf(first)} is before it${others}` }];
}

/** Whether one that was asked for before is in the way of another. */
function stands(
  one: DeployRecord,
  held: ReadonlyMap<string, undefined>,
  kind: DeployRecord['kind'],
  now: number,
): boolean {
  if (held.has(one.id) || (one.notBefore ?? now) > now) return false;
  return kind !== 'rollback' || one.kind === 'rollback';
}

const nameOf = ({ app, version, by, kind }: DeployRecord): string =>
  `${kind === 'deploy' ? 'the deploy' : `the ${kind}`} of ${app} ${version} by ${by}`;
