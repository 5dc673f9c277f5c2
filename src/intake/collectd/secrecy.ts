import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { User } from './users.ts';

const header = 4;
const hashSize = 32;
const ivSize = 16;
const checksumSize = 20;

/** Users by name; undefined when there is no AuthFile. */
export type Users = ReadonlyMap<string, User> | undefined;

/** What is wrong, in words. */
export interface Wrong {
  readonly wrong: string;
}

/**
 * Whether the signature part at the start of `bytes` is that of all behind it (collectd, network.c:
 * HMAC-SHA-256 over the user's name and the rest of the packet). `length` is that of the part.
 */
export function wrongSignature(bytes: Buffer, length: number, users: Users): string | undefined {
  if (length <= header + hashSize) return 'a signature without a user';
  // As collectd: who has no AuthFile takes signed packets as if they were not.
  if (users === undefined) return undefined;
  const name = bytes.toString('utf8', header + hashSize, length);
  const user = users.get(name);
  if (user === undefined) return unknown(name);
  const signed = bytes.subarray(header + hashSize);
  const right = createHmac('sha256', user.password).update(signed).digest();
  return timingSafeEqual(right, bytes.subarray(header, header + hashSize))
    ? undefined
    : `the signature of ${JSON.stringify(name)} is not right: is the password the same?`;
}

/**
 * What is in an encrypted part: parts in plain. AES-256 in OFB mode; a SHA-1 of them goes before.
 */
export function decrypt(part: Buffer, users: Users): Buffer | Wrong {
  const nameStart = header + 2;
  const nameEnd = nameStart + (part.length >= nameStart ? part.readUInt16BE(header) : 0);
  const start = nameEnd + ivSize;
  if (start + checksumSize > part.length) return { wrong: 'an encrypted part that is too short' };
  const name = part.toString('utf8', nameStart, nameEnd);
  if (users === undefined)
    return { wrong: 'it is encrypted, and intakes.collectd.authFile is not set' };
  const user = users.get(name);
  if (user === undefined) return { wrong: unknown(name) };
  const cipher = createDecipheriv('aes-256-ofb', user.key, part.subarray(nameEnd, start));
  const plain = cipher.update(part.subarray(start));
  const content = plain.subarray(checksumSize);
  const checksum = createHash('sha1').update(content).digest();
  return timingSafeEqual(checksum, plain.subarray(0, checksumSize))
    ? content
    : {
        wrong: `what ${JSON.stringify(name)} encrypted can not be read: is the password the same?`,
      };
}

function unknown(name: string): string {
  return `${JSON.stringify(name.slice(0, 64))} is not in intakes.collectd.authFile`;
}
