import { Type } from 'typebox';
import { parseDuration, parseSize } from '../../event/quantity.ts';

/** How a setting is written in files, flags and environment variables. */
export type Unit =
  | 'duration'
  | 'size'
  | 'number'
  | 'switch'
  | 'text'
  | 'path'
  | 'choice'
  /** A list or map: as YAML in a file, as JSON in a flag or variable. */
  | 'structure';

/** Keywords of ours on a leaf of the schema. */
export interface Leaf {
  readonly unit: Unit;
  readonly description: string;
  readonly default?: number | boolean | string | object;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  /** What a text must match. */
  readonly pattern?: string;
  /** Of a structure: how it is written, as YAML. */
  readonly example?: string;
}

/** No other settings than these. */
export const group = { additionalProperties: false } as const;

export function duration(value: string, description: string, minimum = 0) {
  return Type.Number({ unit: 'duration', default: parseDuration(value), description, minimum });
}

export function size(value: string, description: string, minimum = 0) {
  return Type.Number({ unit: 'size', default: parseSize(value), description, minimum });
}

export function count(value: number, description: string, bounds: readonly [number, number]) {
  const [minimum, maximum] = bounds;
  return Type.Integer({ unit: 'number', default: value, description, minimum, maximum });
}

export function onOff(value: boolean, description: string) {
  return Type.Boolean({ unit: 'switch', default: value, description });
}

export function path(description: string) {
  return Type.String({ unit: 'path', description });
}

export function text(description: string) {
  return Type.String({ unit: 'text', description });
}
