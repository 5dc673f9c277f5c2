import { randomUUID } from 'node:crypto';
import type { IssuedToken, NewToken, Token } from '../api/contract.ts';
import { readTime } from '../api/times.ts';
import { accountsError } from '../errors.ts';
import type { AccountBook } from './book.ts';
import type { TokenRecord } from './file.ts';
import { digestOf, newSecret, sameDigest } from './secret.ts';

/** Issues a token. Throws TERR_ACCOUNTS_EXPIRY, TERR_ACCOUNTS_EXISTS, TERR_ACCOUNTS_FULL. */
export function issueToken(
  book: AccountBook,
  wanted: NewToken,
  { actor, now }: { readonly actor: string; readonly now: number },
): Promise<IssuedToken> {
  const expires = wanted.expires === undefined ? null : readTime(wanted.expires, 'expires');
  if (expires !== null && expires <= now)
    throw accountsError('EXPIRY', 'expires lies in the past', { field: 'expires' });
  const secret = newSecret('tty_');
  const id = randomUUID();
  const { name, scope } = wanted;
  return book.change(() => {
    if ([...book.tokens.values()].some((other) => other.name === name))
      throw accountsError(
        'EXISTS',
        `there is a token named ${name}; revoke it or use another name`,
        {
          field: 'name',
        },
      );
    const token = { id, name, scope, created: now, createdBy: actor, lastUsed: null, expires };
    return {
      fact: {
        what: 'token',
        happened: 'created',
        subject: id,
        actor,
        attributes: { name, may: scope.may },
      },
      token: { ...token, digest: digestOf(secret) },
      result: { token, secret },
    };
  });
}

/** Throws TERR_ACCOUNTS_UNKNOWN, TERR_ACCOUNTS_LAST_ADMIN. */
export function revokeToken(book: AccountBook, id: string, actor: string): Promise<void> {
  return book.change(() => {
    const token = book.tokens.get(id);
    if (token === undefined) throw accountsError('UNKNOWN', `there is no token with the id ${id}`);
    return {
      fact: {
        what: 'token',
        happened: 'revoked',
        subject: id,
        actor,
        attributes: { name: token.name },
      },
      removeToken: id,
      result: undefined,
    };
  });
}

/** The token that `secret` belongs to, when it is good now. */
export function findToken(book: AccountBook, secret: string, now: number): TokenRecord | undefined {
  const digest = digestOf(secret);
  const token = book.tokenOf(digest);
  // The map was searched by a hash of the secret, which tells a timer nothing about the secret;
  // the comparison itself is constant in time all the same.
  if (token === undefined || !sameDigest(token.digest, digest)) return undefined;
  return token.expires !== null && token.expires <= now ? undefined : token;
}

/** A token as the API shows it. */
export function showToken(record: TokenRecord): Token {
  const { digest: _, ...token } = record;
  return token;
}
