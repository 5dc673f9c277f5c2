import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import type { ScaleDecision } from '../../rules/decision.ts';
import { type Happening, Payload, defined, factOf } from './facts.ts';

/** The last that was decided for one target, and what became of it. ms since the epoch, UTC. */
export interface Scaling {
  readonly target: string;
  /** Id of the decision. */
  readonly id: string;
  readonly rule: string;
  readonly want: number;
  readonly value?: number;
  /** Event time of the decision. */
  readonly at: number;
  readonly received: number;
  readonly state: 'decided' | 'done' | 'failed';
  /** What the target answered, or why it failed. */
  readonly said?: string;
}

const maxSaid = 2_000;

/** What the facts of one target are about. */
export function scaleSubject(target: string): string {
  return `scale/${target}`;
}

/**
 * The fact that a target is to have another size; undefined while it cools down, for the size that
 * it was last given, and for a decision that comes again. By event time, so that a rule that runs
 * again after a crash gives nobody the same order twice.
 */
export function decideScale(
  last: Scaling | undefined,
  decision: ScaleDecision,
  cooldown: number,
): Draft | undefined {
  const { at, want, target, rule, key, min, max, value } = decision;
  if (last && at < last.at + cooldown) return undefined;
  if (last && want === last.want && last.state !== 'failed') return undefined;
  return factOf('scale.decided', {
    time: at,
    subject: scaleSubject(target),
    service: key['service'],
    host: key['host'],
    environment: key['environment'],
    attributes: { rule, 'rule.path': rule, target },
    data: defined({ id: decision.id, want, min, max, value }),
  });
}

/** The fact of how carrying an order out ended; undefined when it is no longer the last one. */
export function scaled(
  last: Scaling | undefined,
  outcome: { readonly id: string; readonly ok: boolean; readonly said: string },
  now: number,
): Draft | undefined {
  if (last?.id !== outcome.id || last.state !== 'decided') return undefined;
  const { target, rule, want } = last;
  return factOf(outcome.ok ? 'scale.done' : 'scale.failed', {
    time: now,
    subject: scaleSubject(target),
    attributes: { rule, target },
    data: { id: outcome.id, want, said: outcome.said.slice(0, maxSaid) },
  });
}

/** The target after one fact about it. Pure and total. */
export function foldScale(
  last: Scaling | undefined,
  happening: Happening,
  event: PlacedEvent,
): Scaling | undefined {
  const payload = new Payload(event.data);
  const id = payload.text('id');
  if (happening !== 'scale.decided') {
    if (!last || last.id !== id) return last;
    const state = happening === 'scale.done' ? 'done' : 'failed';
    return { ...last, state, said: payload.text('said') ?? '' };
  }
  const want = payload.number('want');
  if (id === undefined || want === undefined) return last;
  return {
    target: event.subject?.slice(scaleSubject('').length) ?? '',
    id,
    rule: event.attributes?.['rule'] ?? '',
    want,
    at: event.time,
    received: event.received,
    state: 'decided',
    ...defined({ value: payload.number('value') }),
  };
}
