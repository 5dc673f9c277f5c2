import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft, Json } from '../../event/event.ts';
import { defined } from '../alerts/facts.ts';
import type { Context } from '../room.ts';

/** The source of every fact of this room. */
export const redirectsSource = 'territory/redirects';

/** What happens in this room, as `<subject>.<predicate>` of its types. */
export const happenings = [
  'redirectmap.imported',
  'redirectmap.verified',
  'redirectmap.removed',
] as const;

export type Happening = (typeof happenings)[number];

const prefix = 'dev.cdeventsx.territory-';

/** What the types of this room's facts begin with. */
export const heard: readonly string[] = [`${prefix}redirectmap.`];

/** `dev.cdeventsx.territory-redirectmap.imported.0.1.0` */
export function typeOf(happening: Happening): string {
  return `${prefix}${happening}.0.1.0`;
}

const byType = new Map<string, Happening>(happenings.map((one) => [typeOf(one), one]));

/** What a fact of this room says happened; undefined for any other event. */
export function happeningOf(event: Pick<PlacedEvent, 'type' | 'source'>): Happening | undefined {
  return event.source === redirectsSource ? byType.get(event.type) : undefined;
}

interface Saying {
  readonly name: string;
  readonly environment?: string;
  /** What a verification saw, or a count of rows. */
  readonly metric?: number;
  readonly state?: string;
  readonly data: { readonly [name: string]: Json | undefined };
}

/** A fact's draft: who did it, and what it is about, stand where every other fact has them. */
export function factOf(
  happening: Happening,
  { now, actor }: Context,
  { name, environment, metric, state, data }: Saying,
): Draft {
  return defined({
    type: typeOf(happening),
    time: now,
    subject: subjectOf(name),
    name,
    environment,
    metric,
    state,
    attributes: { actor },
    data: defined({ by: actor, name, ...data }),
  });
}

/** What facts about a map have as their subject. */
export const subjectOf = (name: string): string => `redirectmap/${name}`;
