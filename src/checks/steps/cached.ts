import type { Answer } from '../run/http.ts';

/** Headers in which caches say what they did, in words like HIT and MISS. */
const inWords = [
  'x-cache',
  'x-cache-status',
  'cf-cache-status',
  'x-proxy-cache',
  'x-varnish-cache',
  'x-drupal-cache',
  'x-nginx-cache',
  'x-vercel-cache',
  'cdn-cache',
  'x-cache-hits',
];

/**
 * Whether an answer came out of a cache, as its headers say: Cache-Status (RFC 9211), the words of
 * well-known caches, Varnish's two numbers, Age. Undefined: they do not say.
 */
export function cachedBy({ headers }: Pick<Answer, 'headers'>): 'hit' | 'miss' | undefined {
  const of = (name: string): string | undefined => {
    const value = headers[name];
    return value === undefined ? undefined : [value].flat().join(', ');
  };
  const status = of('cache-status');
  if (status !== undefined) return /;\s*hit\b(?!=\?0)/i.test(status) ? 'hit' : 'miss';
  const words = inWords.map(of).filter((one) => one !== undefined);
  if (words.some((one) => /\b(?:hit|stale|updating|revalidated)\b|^[1-9]\d*$/i.test(one)))
    return 'hit';
  // With the number of the request that filled it, where it was found.
  const varnish = of('x-varnish')?.trim().split(/\s+/).length;
  if (varnish === 2) return 'hit';
  if (Number(of('age') ?? 0) > 0) return 'hit';
  return words.length > 0 || varnish === 1 ? 'miss' : undefined;
}
