import { defineErrors } from '../errors/coded-error.ts';

const kinds = {
  FIELD: { status: 400, title: 'A field of the event is missing, unknown or of the wrong kind' },
  TIME: { status: 400, title: 'The time of the event cannot be right' },
  TOO_LARGE: { status: 413, title: 'The event is too large' },
  JSON: { status: 400, title: 'The event is not valid JSON' },
  CLOUDEVENT: { status: 400, title: 'The CloudEvent does not follow CloudEvents 1.0' },
} as const;

/** Makes the errors of this layer; what is wrong with one of many events is a `Refusal` instead. */
export const eventErrors = defineErrors('EVENT', kinds);

export type EventCode = `TERR_EVENT_${keyof typeof kinds}`;

/** Why one event was not taken. A value and not an exception: its neighbours are taken. */
export interface Refusal {
  /** The field at fault, as a path such as `attributes.code`; empty when it is the whole event. */
  readonly field: string;
  readonly code: EventCode;
  /** What was wrong and what to do, in one or two sentences. */
  readonly message: string;
}
