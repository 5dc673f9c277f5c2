import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { CodedError } from '../../errors/coded-error.ts';
import { intakeErrors } from '../errors.ts';

/** What a signature is checked over. */
export interface Signed {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
  /** The body as it was sent. */
  readonly raw: Buffer;
  /** ms since the epoch, UTC. */
  readonly now: number;
}

/** Returns when the sender knows the secret; throws TERR_INTAKE_SIGNATURE when not. */
export type Verify = (signed: Signed, secret: string) => void;

export type Algorithm = 'sha1' | 'sha256' | 'sha512';

/** How long ago something may have been signed, ms. */
export const tolerance = 5 * 60_000;

/** A header that came once; several are taken for none. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return typeof value === 'string' && value !== '' ? value.trim() : undefined;
}

export function hmac(
  algorithm: Algorithm,
  key: string | Buffer,
  ...parts: readonly (string | Buffer)[]
): Buffer {
  const made = createHmac(algorithm, key);
  for (const part of parts) made.update(part);
  return made.digest();
}

/** In constant time, whatever their lengths. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Why a delivery is turned away. Never says what would have been right. */
export function unsigned(message: string): CodedError {
  return intakeErrors('SIGNATURE', message);
}

/** HMAC of the raw body in one header: `<prefix><digest>`. */
export function signedBody(
  header: string,
  {
    algorithm = 'sha256',
    prefix = '',
    encoding = 'hex',
  }: {
    readonly algorithm?: Algorithm;
    readonly prefix?: string;
    readonly encoding?: 'hex' | 'base64';
  } = {},
): Verify {
  return ({ headers, raw }, secret) => {
    const given = headerOf(headers, header);
    if (given === undefined)
      throw unsigned(`${header} is missing: set the secret of this webhook in the product as well`);
    const digest = hmac(algorithm, secret, raw).toString(encoding);
    const said = encoding === 'hex' ? given.toLowerCase() : given;
    if (!sameText(said, prefix + digest)) throw wrong(header);
  };
}

/** The secret itself in a header. */
export function tokenIn(header: string): Verify {
  return ({ headers }, secret) => {
    const given = headerOf(headers, header);
    if (given === undefined)
      throw unsigned(`${header} is missing: set the secret of this webhook in the product as well`);
    if (!sameText(given, secret)) throw wrong(header);
  };
}

/** The secret as a bearer token or as the password of Basic (RFC 6750, RFC 7617). */
export const authorized: Verify = ({ headers }, secret) => {
  const given = headerOf(headers, 'Authorization');
  if (given === undefined)
    throw unsigned('Authorization is missing: send the secret as a bearer token or password');
  const [, scheme = '', value = ''] = /^(\w+) +(.+)$/.exec(given) ?? [];
  const token =
    scheme.toLowerCase() === 'basic'
      ? Buffer.from(value, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, '')
      : value;
  if (!/^(bearer|basic)$/i.test(scheme) || !sameText(token, secret)) throw wrong('Authorization');
};

/** The secret as `?token=`, for products that can be given nothing but an address. */
export const tokenInAddress: Verify = (signed, secret) => {
  const given = signed.query.get('token');
  if (given === null) {
    if (signed.headers.authorization !== undefined) return authorized(signed, secret);
    throw unsigned('add ?token=SECRET to the address that the product sends to');
  }
  if (!sameText(given, secret)) throw wrong('token');
};

export function wrong(what: string): CodedError {
  return unsigned(
    `${what} does not fit: is the secret in the product the one of this webhook, and does no proxy change the body?`,
  );
}
