import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Role, TokenScope } from '../api/contract.ts';
import { accountsError } from '../errors.ts';

const nullable = Type.Union([Type.Number(), Type.Null()]);

/** One user as kept. Times are ms since the epoch. */
const UserRecord = Type.Object({
  name: Type.String(),
  role: Role,
  created: Type.Number(),
  lastSeen: nullable,
  disabled: Type.Boolean(),
  password: Type.Object({
    kdf: Type.Literal('scrypt'),
    n: Type.Integer(),
    r: Type.Integer(),
    p: Type.Integer(),
    salt: Type.String(),
    hash: Type.String(),
  }),
});
export type UserRecord = Static<typeof UserRecord>;

/** One token as kept: the SHA-256 of its secret, never the secret. */
const TokenRecord = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scope: TokenScope,
  created: Type.Number(),
  createdBy: Type.String(),
  lastUsed: nullable,
  expires: nullable,
  digest: Type.String(),
});
export type TokenRecord = Static<typeof TokenRecord>;

const AccountsFile = Type.Object({
  version: Type.Literal(1),
  users: Type.Array(UserRecord),
  tokens: Type.Array(TokenRecord),
});
export type AccountsFile = Static<typeof AccountsFile>;

/** Undefined when there is no such file yet. Throws TERR_ACCOUNTS_FILE when it is unusable. */
export function readAccounts(path: string): AccountsFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw accountsError('FILE', `${path} cannot be read; restore it from a copy`, { cause: error });
  }
  if (Value.Check(AccountsFile, value)) return value;
  const wrong = Value.Errors(AccountsFile, value)[0];
  const where = wrong ? `${wrong.instancePath || '/'} ${wrong.message}` : 'unknown shape';
  throw accountsError('FILE', `${path}: ${where}; it may be of a newer version of Territory`);
}

/**
 * Replaces a small file so that after a crash there is either the old one or the new one, whole.
 * Synchronous: changes of accounts are rare and must not interleave.
 */
export function writeSafely(path: string, text: string, mode = 0o600): void {
  const next = `${path}.next`;
  const file = openSync(next, 'w', mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
