import type { Json } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import { fitted } from '../logs/log-line.ts';

/** The name that OpenTelemetry gives what was left off ("Mapping to non-OTLP", dropped counts). */
export const droppedName = 'otel.dropped_attributes_count';

/** Room for what is said of what was left off. */
const most = defaultLimits.attributes - 1;

/**
 * The attributes of one event, the weightiest first: what does not fit is left off and counted in
 * `otel.dropped_attributes_count`, and texts that are too long are cut, with `…` at their end.
 */
export class AttributeSet {
  readonly #texts: Record<string, string> = {};
  #size = 0;
  #dropped: number;

  /** @param dropped what the sender left off already */
  constructor(dropped = 0) {
    this.#dropped = dropped;
  }

  /** Keeps the first of a name; nothing where there is no value. */
  put(name: string, value: Json | undefined): void {
    const text = value === undefined ? undefined : textOf(value);
    if (text === undefined || name === '') return;
    this.putFit(fit(name, defaultLimits.attributeNameLength), fit(text));
  }

  /** The same of texts that are known to fit. */
  putFit(name: string, text: string): void {
    if (Object.hasOwn(this.#texts, name)) return;
    if (this.#size >= most) this.#dropped++;
    else this.#set(name, text);
  }

  putAll(values: Iterable<readonly [string, Json]>): void {
    for (const [name, value] of values) this.put(name, value);
  }

  entries(): Record<string, string> {
    if (this.#dropped > 0) this.#set(droppedName, String(this.#dropped));
    return this.#texts;
  }

  #set(name: string, value: string): void {
    this.#size++;
    if (name !== '__proto__') this.#texts[name] = value;
    else Object.defineProperty(this.#texts, name, { value, enumerable: true });
  }
}

/** A text as it fits into an attribute; most do as they are, and that is seen fast. */
export function fit(text: string, length: number = defaultLimits.attributeLength): string {
  return text.length <= length && plain.test(text) ? text : fitted(text, length);
}

const plain = /^[\x20-\x7e]*$/;

/** An attribute as text; undefined of null. Lists and maps are JSON. */
export function textOf(value: Json): string | undefined {
  if (typeof value === 'string') return value;
  return value === null ? undefined : JSON.stringify(value);
}

/** A text of an event, cut to what it holds; undefined of none. */
export function shortText(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : fitted(text, defaultLimits.textLength);
}
