import type { Draft, Json } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import type { Severity } from './severity.ts';

/** A line of a log, whatever brought it here. */
export interface LogLine {
  /** The text, or a body with fields. */
  readonly message: Json;
  /** ms since the epoch, UTC; as the sender says it, however wrong. */
  readonly time?: number | undefined;
  readonly severity?: Partial<Severity> | undefined;
  readonly service?: string | undefined;
  readonly host?: string | undefined;
  readonly environment?: string | undefined;
  /** In the order of their worth: what is over the limit of an event is left off at the end. */
  readonly attributes: Iterable<readonly [name: string, value: string]>;
}

/** Room for the attributes that are added here. */
const mostAttributes = defaultLimits.attributes - 4;
/** The clocks of two looks at the same time differ by what lies between them, ms. */
const slack = 60_000;

/**
 * The event of a log line. A line is never lost for being odd: a text that is too long for its field
 * is cut (`…` at its end), what is more than an event can hold is left off and counted in
 * `log.attributes.left_off`, and a time that no clock can mean stands in `log.time`, while the event
 * gets the time of its arrival. `now`: ms since the epoch, UTC.
 */
export function logEvent(line: LogLine, now: number): Draft {
  const { severity, time } = line;
  const plausible = time !== undefined && isPlausible(time, now);
  const attributes = attributesOf(line, plausible);
  return {
    type: 'log',
    ...(plausible && { time }),
    ...textOf('service', line.service),
    ...textOf('host', line.host),
    ...textOf('environment', line.environment),
    ...(severity?.state !== undefined && { state: severity.state }),
    ...(attributes !== undefined && { attributes }),
    data: line.message,
  };
}

function attributesOf(line: LogLine, plausible: boolean): Record<string, string> | undefined {
  const attributes = new Map<string, string>();
  let leftOff = 0;
  for (const [name, value] of line.attributes) {
    if (attributes.size >= mostAttributes) leftOff += 1;
    else attributes.set(fitted(name, limits.attributeNameLength), fitted(value));
  }
  if (leftOff > 0) attributes.set('log.attributes.left_off', String(leftOff));
  if (line.severity?.word !== undefined) attributes.set('severity', line.severity.word);
  if (line.time !== undefined && !plausible) attributes.set('log.time', timeText(line.time));
  return attributes.size > 0 ? Object.fromEntries(attributes) : undefined;
}

const limits = defaultLimits;

function textOf<F extends string>(
  field: F,
  text: string | undefined,
): { readonly [K in F]?: string } {
  if (text === undefined || text === '') return {};
  return { [field]: fitted(text, limits.textLength) } as { readonly [K in F]?: string };
}

/** Whether an event may have this time, and a while from now still. */
function isPlausible(time: number, now: number): boolean {
  return time > now - limits.readingAge + slack && time < now + limits.future - slack;
}

function timeText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}

/** Halves of characters, which JSON can escape and UTF-8 cannot hold. */
const half = /\p{Surrogate}/u;
const halves = /\p{Surrogate}/gu;

/** The text, cut to a length in UTF-16 units with `…` at its end; never with half a character. */
export function fitted(text: string, length: number = limits.attributeLength): string {
  const whole = half.test(text) ? text.replaceAll(halves, '\ufffd') : text;
  return whole.length <= length ? whole : cutText(whole, length);
}

/** The first characters of a text and `…`, at most `length` UTF-16 units. */
function cutText(text: string, length: number): string {
  const last = text.charCodeAt(length - 2);
  const splits = last >= 0xd800 && last < 0xdc00;
  return `${text.slice(0, splits ? length - 2 : length - 1)}…`;
}
