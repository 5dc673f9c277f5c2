import type { Notes } from '../log.ts';
import { checkNoteKey, encodeNote } from '../notes-text.ts';

/** Notes kept as text, so that a caller gets a copy as from a real store. */
export function memoryNotes(): Notes {
  const texts = new Map<string, string>();
  return {
    get: (key) => {
      const text = texts.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    list: (prefix) =>
      [...texts]
        .filter(([key]) => key.startsWith(prefix))
        .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        .map(([key, text]) => [key, JSON.parse(text)] as const),
    set: async (key, value) => {
      checkNoteKey(key);
      texts.set(key, encodeNote(key, value));
    },
    remove: async (key) => {
      texts.delete(key);
    },
  };
}
