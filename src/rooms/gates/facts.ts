import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft, Json } from '../../event/event.ts';
import { defined } from '../alerts/facts.ts';
import type { Context } from '../room.ts';
import type { Scope } from './scope.ts';

/** The source of every fact of this room. */
export const gatesSource = 'territory/gates';

/** What happens in this room, as `<subject>.<predicate>` of its types. */
export const happenings = [
  'lock.acquired',
  'lock.renewed',
  'lock.released',
  'freeze.declared',
  'freeze.ended',
  'block.noted',
  'block.lifted',
  'window.declared',
  'window.removed',
] as const;

export type Happening = (typeof happenings)[number];

const prefix = 'dev.cdeventsx.territory-';

/** What the types of this room's facts begin with. */
export const heard: readonly string[] = [
  ...new Set(happenings.map((happening) => `${prefix}${happening.split('.')[0] ?? ''}.`)),
];

/** `dev.cdeventsx.territory-lock.acquired.0.1.0` */
export function typeOf(happening: Happening): string {
  return `${prefix}${happening}.0.1.0`;
}

const byType = new Map<string, Happening>(happenings.map((one) => [typeOf(one), one]));

/** What a fact of this room says happened; undefined for any other event. */
export function happeningOf(event: Pick<PlacedEvent, 'type' | 'source'>): Happening | undefined {
  return event.source === gatesSource ? byType.get(event.type) : undefined;
}

interface Saying {
  readonly subject: string;
  readonly scope: Scope;
  readonly data?: { readonly [name: string]: Json | undefined };
}

/** A fact's draft: who did it, and what it is about, stand where every other fact has them. */
export function factOf(
  happening: Happening,
  { now, actor }: Context,
  { subject, scope, data = {} }: Saying,
): Draft {
  return defined({
    type: typeOf(happening),
    time: now,
    subject,
    service: scope.app,
    environment: scope.environment,
    attributes: { actor },
    data: defined({ by: actor, ...data }),
  });
}
