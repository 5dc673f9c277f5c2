import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits behind a prefix that scanners for leaked secrets can look for. */
export function newSecret(prefix: 'tty_' | 'tln_' | ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** What is kept of a secret. A plain hash is enough: nobody can guess 256 random bits. */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** In constant time. */
export function sameDigest(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
