import { isScalar } from 'yaml';
import type { Place } from '../model.ts';
import type { Entry } from './fields.ts';
import type { MapReader } from './reader.ts';

/** A text of the map with a grammar of its own: its faults are told by characters of it. */
export interface Written {
  readonly text: string;
  readonly place: (character: number) => Place;
  readonly error: (character: number, message: string) => void;
  readonly warn: (character: number, message: string) => void;
}

/** The text of an entry; what is none is told. */
export function textAt(reader: MapReader, entry: Entry, wanted: string): Written | undefined {
  const { node, at } = entry;
  const text = reader.text(node);
  if (!isScalar(node) || text === undefined || text.trim() === '') {
    reader.error(reader.at(node, at), wanted);
    return undefined;
  }
  const offset = (character: number): number => reader.within(node, character);
  return {
    text,
    place: (character) => reader.place(offset(character)),
    error: (character, message) => reader.error(offset(character), message),
    warn: (character, message) => reader.warn(offset(character), message),
  };
}
