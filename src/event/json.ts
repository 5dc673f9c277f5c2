import type { Json } from './event.ts';

/**
 * What keeps a value from being JSON, after the path to it (`.a[2] is not a finite number`);
 * undefined when nothing does. Deeper than `depth` counts too: it could not be encoded without risk
 * to the stack.
 */
export function notJson(value: unknown, depth: number): string | undefined {
  if (typeof value === 'object' && value !== null)
    return depth > 0 ? notJsonWithin(value, depth - 1) : ' is nested too deeply';
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : ' is not a finite number';
  const plain = value === null || typeof value === 'string' || typeof value === 'boolean';
  return plain ? undefined : ` is a ${typeof value}, which JSON has not`;
}

function notJsonWithin(value: object, depth: number): string | undefined {
  const list = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    const wrong = notJson(item, depth);
    if (wrong !== undefined) return `${list ? `[${key}]` : `.${key.slice(0, 64)}`}${wrong}`;
  }
  return undefined;
}

/** Whether a value is an object with keys: no array, no null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Bytes that a JSON value can have at most when it is encoded; cheap, never too low. */
export function mostBytes(value: Json | undefined): number {
  if (typeof value === 'string') return value.length * 6 + 2;
  if (typeof value !== 'object' || value === null) return 25;
  let sum = 2;
  if (Array.isArray(value)) for (const item of value) sum += mostBytes(item) + 1;
  else for (const [key, item] of Object.entries(value)) sum += key.length * 6 + 4 + mostBytes(item);
  return sum;
}
