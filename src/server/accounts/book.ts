import { join } from 'node:path';
import { accountsError } from '../errors.ts';
import { type TokenRecord, type UserRecord, readAccounts, writeSafely } from './file.ts';

/** More of them than this are refused, so that the file stays small enough to be written whole. */
export const maxAccounts = 10_000;

/** A change of accounts, to be kept on the log. It never holds a secret. */
export interface AccountFact {
  readonly what: 'token' | 'user' | 'session' | 'webhook';
  readonly happened: 'created' | 'revoked' | 'changed' | 'removed' | 'started';
  /** Id of the token, or name of the user or webhook. */
  readonly subject: string;
  /** Name of who did it; `territory` for the server itself. */
  readonly actor: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Puts the fact on the log; resolves when it is durable. */
export type Audit = (fact: AccountFact) => Promise<void>;

/** Users and tokens in memory, and their file. Only what is in the file is in memory. */
export class AccountBook {
  readonly #path: string;
  readonly #audit: Audit;
  readonly #users: Map<string, UserRecord>;
  readonly #tokens: Map<string, TokenRecord>;
  readonly #byDigest: Map<string, TokenRecord>;
  /** Changes of users and tokens, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #dirty = false;
  /** True when there was no file: this is the first start on the data directory. */
  readonly fresh: boolean;

  constructor(dir: string, audit: Audit) {
    this.#path = join(dir, 'accounts.json');
    this.#audit = audit;
    const file = readAccounts(this.#path);
    this.fresh = file === undefined;
    this.#users = new Map(file?.users.map((user) => [user.name, user]));
    this.#tokens = new Map(file?.tokens.map((token) => [token.id, token]));
    this.#byDigest = new Map(file?.tokens.map((token) => [token.digest, token]));
  }

  get users(): ReadonlyMap<string, UserRecord> {
    return this.#users;
  }

  get tokens(): ReadonlyMap<string, TokenRecord> {
    return this.#tokens;
  }

  tokenOf(digest: string): TokenRecord | undefined {
    return this.#byDigest.get(digest);
  }

  /**
   * Makes one change: `decide` sees the state and says what is to be written, then the fact is made
   * durable, then the file. A crash in between leaves a fact without its change: an audit that
   * says too much, never one that says too little.
   */
  change<T>(decide: () => Change<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      const change = decide();
      this.#checkAdmins(change);
      await this.#audit(change.fact);
      this.#apply(change);
      this.#save();
      return change.result;
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Notes when a user or token was last seen; written with the next change or `flush`. */
  seen(record: { lastUsed: number | null } | { lastSeen: number | null }, now: number): void {
    if ('lastUsed' in record) record.lastUsed = now;
    else record.lastSeen = now;
    this.#dirty = true;
  }

  /** Writes what `seen` noted. */
  flush(): void {
    if (this.#dirty) this.#save();
  }

  #apply(change: Change<unknown>): void {
    const { user, token, removeUser, removeToken } = change;
    if (user) this.#users.set(user.name, user);
    if (removeUser !== undefined) this.#users.delete(removeUser);
    if (token) {
      this.#tokens.set(token.id, token);
      this.#byDigest.set(token.digest, token);
    }
    const removed = this.#tokens.get(removeToken ?? '');
    if (removed) {
      this.#tokens.delete(removed.id);
      this.#byDigest.delete(removed.digest);
    }
  }

  #save(): void {
    const users = [...this.#users.values()];
    const tokens = [...this.#tokens.values()];
    writeSafely(this.#path, `${JSON.stringify({ version: 1, users, tokens }, undefined, 1)}\n`);
    this.#dirty = false;
  }

  #checkAdmins(change: Change<unknown>): void {
    if (this.#users.size >= maxAccounts || this.#tokens.size >= maxAccounts)
      if (change.fact.happened === 'created')
        throw accountsError('FULL', `there are ${maxAccounts} already; remove some first`);
    const users = [...this.#users.values()].filter(
      ({ name }) => name !== change.removeUser && name !== change.user?.name,
    );
    if (change.user) users.push(change.user);
    const tokens = [...this.#tokens.values()].filter(({ id }) => id !== change.removeToken);
    if (change.token) tokens.push(change.token);
    const administers =
      users.some((user) => user.role === 'admin' && !user.disabled) ||
      tokens.some((token) => token.scope.may === 'admin' && token.expires === null);
    if (!administers)
      throw accountsError(
        'LAST_ADMIN',
        'make another admin (user or token without expiry) first, then do this again',
      );
  }
}

/** What one change writes, the fact that tells of it, and what its caller gets. */
export interface Change<T> {
  readonly fact: AccountFact;
  readonly user?: UserRecord;
  readonly token?: TokenRecord;
  readonly removeUser?: string;
  readonly removeToken?: string;
  readonly result: T;
}
