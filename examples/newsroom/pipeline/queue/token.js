// @ts-check
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Who may change the queue has the token in STORE/queue.token. It is made when there is none, and read
 * at each request, so that another one can be put in its place.
 * @param {string} store
 */
export function openToken(store) {
  const file = join(store, 'queue.token');
  try {
    writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  /** @param {import('node:http').IncomingMessage} request */
  return (request) => {
    const [, given = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    const token = readFileSync(file, 'utf8').trim();
    return token !== '' && timingSafeEqual(digest(given), digest(token));
  };
}

/** @param {string} text */
const digest = (text) => createHash('sha256').update(text).digest();
