import { shortName } from './names.ts';
import type { Message } from './notification.ts';
import type { Policy } from './policy.ts';
import { type AlertsState, newReceiver } from './state.ts';

/** How a receiver stands with its rate limit. */
export interface RateState {
  /** Whether it may be sent one more now. */
  readonly limited: boolean;
  /** When it may: ms since the epoch. */
  readonly free: number;
  /** How many were held back since its last digest. */
  readonly held: number;
  /** One message for all that was held back, once it may be sent. */
  readonly digest: Message | undefined;
}

/** Browsers read the log themselves: nothing is pushed at anybody, so nothing is limited. */
export function rateState(state: AlertsState, policy: Policy, to: string, now: number): RateState {
  const { max, window } = policy.rate;
  const { queued, held } = state.receivers.get(to) ?? newReceiver;
  // The oldest of the last `max`: once it is a window ago, there is room for one.
  const free = queued.length < max ? 0 : (queued[queued.length - max] ?? 0) + window;
  const limited = to !== 'browser' && now < free;
  const due = held.count > 0 && !limited;
  return { limited, free, held: held.count, digest: due ? digestOf(to, held) : undefined };
}

function digestOf(
  to: string,
  held: { readonly count: number; readonly first: string; readonly titles: readonly string[] },
): Message {
  const left = held.count - held.titles.length;
  return {
    id: shortName('digest', to, held.first),
    kind: 'digest',
    to,
    title: `${held.count} notifications were held back`,
    body: [
      'More came than are sent in that time (notify.rate). Among them:',
      ...held.titles.map((title) => `- ${title}`),
      ...(left > 0 ? [`and ${left} more`] : []),
    ].join('\n'),
  };
}
