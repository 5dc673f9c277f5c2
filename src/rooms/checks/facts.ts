import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft, Json } from '../../event/event.ts';
import { defined } from '../alerts/facts.ts';
import { checksSource } from './run.ts';

/** What happens in this room, as `<subject>.<predicate>` of its types. */
export const happenings = [
  'check.defined',
  'check.changed',
  'check.retired',
  'check.statechanged',
  'check.flappingstarted',
  'check.flappingended',
  'check.quarantined',
  'check.unquarantined',
  'check.judged',
  'feature.saved',
  'feature.removed',
] as const;

export type Happening = (typeof happenings)[number];

const prefix = 'dev.cdeventsx.territory-';

/** What the types of this room's facts begin with. */
export const heard: readonly string[] = [
  ...new Set(happenings.map((happening) => `${prefix}${happening.split('.')[0] ?? ''}.`)),
];

/** `dev.cdeventsx.territory-check.statechanged.0.1.0` */
export function typeOf(happening: Happening): string {
  return `${prefix}${happening}.0.1.0`;
}

const byType = new Map<string, Happening>(happenings.map((one) => [typeOf(one), one]));

/** What a fact of this room says happened; undefined for any other event. */
export function happeningOf(event: Pick<PlacedEvent, 'type' | 'source'>): Happening | undefined {
  return event.source === checksSource ? byType.get(event.type) : undefined;
}

/** What facts of one check have as subject. */
export function checkSubject(check: string): string {
  return `check/${check}`;
}

/** What facts of one feature have as subject. */
export function featureSubject(file: string): string {
  return `feature/${file}`;
}

interface Saying {
  readonly subject: string;
  readonly at: number;
  readonly application?: string | undefined;
  readonly environment?: string | undefined;
  readonly name?: string | undefined;
  readonly state?: string | undefined;
  readonly actor?: string | undefined;
  readonly data?: { readonly [name: string]: Json | undefined };
}

/** A fact's draft: what it is about, and who did it, stand where every other fact has them. */
export function factOf(happening: Happening, saying: Saying): Draft {
  const { subject, at, application, environment, name, state, actor, data = {} } = saying;
  return defined({
    type: typeOf(happening),
    source: checksSource,
    time: at,
    subject,
    service: application,
    environment,
    name,
    state,
    attributes: actor === undefined ? undefined : { actor },
    data: defined({ ...(actor !== undefined && { by: actor }), ...data }),
  });
}
