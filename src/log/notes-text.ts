import { logErrors } from './errors.ts';

/** LMDB's keys are limited; the memory back end keeps to the same, so that tests tell. */
const maxKeyBytes = 512;

/** Throws TERR_LOG_NOTE for a key that is empty or longer than 512 bytes in UTF-8. */
export function checkNoteKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size === 0 || size > maxKeyBytes)
    throw logErrors('NOTE', `A note's key has 1 to ${maxKeyBytes} bytes, this one ${size}.`, {
      field: 'key',
    });
}

/** The value as JSON. Throws TERR_LOG_NOTE when it is not a JSON value. */
export function encodeNote(key: string, value: unknown): string {
  const text: unknown = JSON.stringify(value);
  if (typeof text === 'string') return text;
  throw logErrors('NOTE', `The value of note "${key}" is not a JSON value.`, { field: 'value' });
}
