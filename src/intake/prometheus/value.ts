import type { Draft } from '../../event/event.ts';

/**
 * The NaN that says that a series has ended (remote-write 1.0, "Stale Markers"): bits
 * 0x7ff0000000000002. It does not survive as a number, so it is looked for in the bytes.
 */
export function isStale(bytes: Buffer, at: number): boolean {
  return bytes.readUInt32LE(at) === 2 && bytes.readUInt32LE(at + 4) === 0x7ff00000;
}

/** A value that is a number and not finite, as text in all our formats. */
export function nameOfValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/**
 * A reading of this value. A metric of ours is finite: what is not is told by the attribute
 * `metric.value`, because it is no reading and yet no mistake (a quantile of nothing is NaN).
 */
export function withValue(draft: Draft, value: number): Draft {
  if (Number.isFinite(value)) return { ...draft, metric: value };
  const attributes = { ...draft.attributes, 'metric.value': nameOfValue(value) };
  return { ...draft, attributes };
}
