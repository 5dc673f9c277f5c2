import { readFile } from 'node:fs/promises';
import type { SecretText } from '../config/alerting.ts';

/**
 * A secret, read anew each time so that it can be changed without a restart. Rejects with words that
 * name the file and never its content.
 */
export async function readSecret(secret: SecretText): Promise<string> {
  if (typeof secret === 'string') return secret;
  try {
    return (await readFile(secret.file, 'utf8')).trim();
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new Error(`the file ${secret.file} cannot be read (${code})`, { cause: error });
  }
}
