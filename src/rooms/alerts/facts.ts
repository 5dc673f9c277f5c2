import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft, Json } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';

/** The source of every fact of this room. */
export const alertsSource = 'territory/alerts';

/** What happens in this room, as `<subject>.<predicate>` of its types. */
export const happenings = [
  'alert.opened',
  'alert.updated',
  'alert.resolved',
  'alert.acknowledged',
  'alert.unacknowledged',
  'silence.created',
  'silence.ended',
  'notification.queued',
  'notification.sent',
  'notification.failed',
  'notification.suppressed',
  'scale.decided',
  'scale.done',
  'scale.failed',
] as const;

export type Happening = (typeof happenings)[number];

/** What happens to one alert. */
export type AlertHappening = Extract<Happening, `alert.${string}`>;

export function isAlertHappening(happening: Happening): happening is AlertHappening {
  return happening.startsWith('alert.');
}

const prefix = 'dev.cdeventsx.territory-';
const version = '0.1.0';

/** What the types of this room's facts begin with. */
export const heard: readonly string[] = [
  ...new Set(happenings.map((happening) => `${prefix}${happening.split('.')[0] ?? ''}.`)),
];

/** `dev.cdeventsx.territory-alert.opened.0.1.0` */
export function typeOf(happening: Happening): string {
  return `${prefix}${happening}.${version}`;
}

const byType = new Map<string, Happening>(happenings.map((one) => [typeOf(one), one]));

/** What a fact of this room says happened; undefined for any other event. */
export function happeningOf(event: Pick<PlacedEvent, 'type' | 'source'>): Happening | undefined {
  return event.source === alertsSource ? byType.get(event.type) : undefined;
}

/** A fact's draft; values that are undefined are left out. */
export function factOf(
  happening: Happening,
  fields: { readonly [K in keyof Draft]?: Draft[K] | undefined },
): Draft {
  return { ...(defined(fields) as Partial<Draft>), type: typeOf(happening) };
}

/** An object without what is undefined in it. */
export function defined<T extends object>(
  fields: T,
): { [K in keyof T]: Exclude<T[K], undefined> } & object {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** Reads a fact's payload field by field. It was written by this room, but years ago perhaps. */
export class Payload {
  readonly #data: Readonly<Record<string, unknown>>;

  constructor(data: unknown) {
    this.#data = isRecord(data) ? data : {};
  }

  text(name: string): string | undefined {
    const value = this.#data[name];
    return typeof value === 'string' ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.#data[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }

  flag(name: string): boolean {
    return this.#data[name] === true;
  }

  /** Any JSON; undefined when there is none. */
  json(name: string): Json | undefined {
    return this.#data[name] as Json | undefined; // came from JSON
  }

  /** The texts of an object or list of texts, by their names or places. */
  texts(name: string): Readonly<Record<string, string>> {
    const value = this.#data[name];
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    );
  }

  /** The numbers of an object of numbers; undefined when there is no object. */
  numbers(name: string): Readonly<Record<string, number>> | undefined {
    const value = this.#data[name];
    if (!isRecord(value)) return undefined;
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
    );
  }

  /** The items of a list that are objects. */
  list(name: string): readonly Payload[] {
    const value = this.#data[name];
    return Array.isArray(value) ? value.filter(isRecord).map((item) => new Payload(item)) : [];
  }
}
