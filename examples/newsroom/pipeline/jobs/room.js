// @ts-check
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of what we make. The inbox has room of its own: what comes in while they are full waits. */
const folders = ['work', 'encoded', 'public'];
/** What was counted is true for so long, ms. */
const knownMs = 500;

/** There is no room for what somebody wanted to write. */
export class StoreFull extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'StoreFull';
  }
}

/**
 * How much of a store is taken by what we make, and how much that may be. The limit stands in the file STORE/quota, in
 * bytes, where there is one, or else in STORE_QUOTA; without both there is none but the disk's.
 * @param {string} store
 */
export function openRoom(store) {
  let counted = { at: -Infinity, used: 0 };
  const used = () => {
    const at = performance.now();
    if (at - counted.at > knownMs) counted = { at, used: bytesIn(store) };
    return counted.used;
  };
  const quota = () => {
    const text = readOr(join(store, 'quota'), process.env['STORE_QUOTA'] ?? '');
    const bytes = Number(text.trim() || 'Infinity');
    return Number.isNaN(bytes) ? Infinity : bytes;
  };
  const isFull = () => quota() < Infinity && used() >= quota();
  const words = () =>
    isFull()
      ? `the store is full: ${used()} of ${quota()} bytes`
      : `${used()} bytes${quota() < Infinity ? ` of ${quota()}` : ''}`;
  return {
    used,
    quota,
    isFull,
    /** Throws StoreFull when so many bytes more are too many. @param {number} bytes */
    require: (bytes) => {
      if (used() + bytes > quota())
        throw new StoreFull(`no room for ${bytes} bytes: ${used()} of ${quota()} are taken`);
    },
    /** For /healthz. @returns {{ status: 'pass' | 'fail', output: string }} */
    check: () => ({ status: isFull() ? 'fail' : 'pass', output: words() }),
  };
}

/** Whether writing failed because there is no room, by our limit or by the disk's.
 * @param {any} error */
export const isNoRoom = (error) =>
  error instanceof StoreFull || ['ENOSPC', 'EDQUOT'].includes(error?.code);

/** @param {string} store */
function bytesIn(store) {
  let sum = 0;
  for (const folder of folders)
    for (const name of namesIn(join(store, folder)))
      sum += statSync(join(store, folder, name), { throwIfNoEntry: false })?.size ?? 0;
  return sum;
}

/** @param {string} folder @returns {string[]} */
function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @param {string} file @param {string} otherwise */
function readOr(file, otherwise) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
