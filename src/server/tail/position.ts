import type { StreamName } from '../../event/event.ts';

/** The offset of the last event seen in each stream; 0: none yet. */
export type Position = Record<StreamName, number>;

/** As it stands in `id:` lines: `f12.r345`. */
export function showPosition({ facts, readings }: Readonly<Position>): string {
  return `f${facts}.r${readings}`;
}

/** Undefined when the text is no position. */
export function readPosition(text: string): Position | undefined {
  const match = /^f(\d{1,15})\.r(\d{1,15})$/.exec(text);
  return match ? { facts: Number(match[1]), readings: Number(match[2]) } : undefined;
}
