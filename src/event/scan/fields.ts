import { type TextField, textFields } from '../event.ts';

/** Number of each text field in `LineScanner.starts` and `ends`, so that `scanner.starts[at.service]` reads well. */
export const at = {
  id: 0,
  type: 1,
  source: 2,
  subject: 3,
  service: 4,
  host: 5,
  environment: 6,
  name: 7,
  state: 8,
} as const satisfies Record<TextField, number>;

/** Numbers of the fields that are not plain text; they follow the text fields. */
export const special = {
  time: 9,
  metric: 10,
  ttl: 11,
  tags: 12,
  attributes: 13,
  data: 14,
} as const;

const names: readonly string[] = [...textFields, ...Object.keys(special)];
const spelled = names.map((name) => Buffer.from(name));

/** Each name as it stands before a compact value: `"name":`. */
export const keys: readonly Uint8Array[] = names.map((name) => Buffer.from(`"${name}":`));

const slotOf = (length: number, first: number, second: number): number =>
  (length + first + second * 3) & 63;

// Perfect over the fifteen names: a test holds that no two share a slot.
const slots = new Int8Array(64).fill(-1);
spelled.forEach((name, field) => {
  slots[slotOf(name.length, name[0] ?? 0, name[1] ?? 0)] = field;
});

/** How many of the names have a slot of their own; all of them, or the table is broken. */
export const distinctSlots: number = slots.filter((field) => field >= 0).length;

/** Number of the field whose name stands at `start`..`end`, or -1. */
export function fieldAt(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 2) return -1;
  const field = slots[slotOf(length, bytes[start] ?? 0, bytes[start + 1] ?? 0)] ?? -1;
  const name = spelled[field];
  if (name?.length !== length) return -1;
  for (let i = 0; i < length; i++) if (name[i] !== bytes[start + i]) return -1;
  return field;
}
