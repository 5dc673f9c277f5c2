import type { Notes } from '../log.ts';
import { checkNoteKey, encodeNote } from '../notes-text.ts';
import { textKey, type Store } from './store.ts';

/**
 * Notes in their own database. LMDB lets every process and thread write, so readers of the log
 * keep their cursors here themselves.
 *
 * @param commit runs the writes in a transaction and resolves when it is durable
 */
export function lmdbNotes(store: Store, commit: (write: () => void) => Promise<void>): Notes {
  return {
    get: (key) => {
      const text = store.notes.getBinary(textKey(key));
      return text === undefined ? undefined : JSON.parse(text.toString());
    },
    list: (prefix) => {
      const found: [string, unknown][] = [];
      const start = textKey(prefix);
      for (const { key, value } of store.notes.getRange(start.length > 0 ? { start } : {})) {
        const name = Buffer.from(key).toString();
        if (!name.startsWith(prefix)) break;
        found.push([name, JSON.parse(value.toString())]);
      }
      return found;
    },
    set: async (key, value) => {
      checkNoteKey(key);
      const text = Buffer.from(encodeNote(key, value));
      await commit(() => void store.notes.put(textKey(key), text));
    },
    remove: async (key) => {
      checkNoteKey(key);
      await commit(() => void store.notes.remove(textKey(key)));
    },
  };
}
