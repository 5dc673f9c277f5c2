import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import type { Sender } from '../../intake/intake.ts';
import type { SignIn } from '../api/contract.ts';
import { accountsError } from '../errors.ts';
import type { Actor, Authenticator } from './actor.ts';
import { type AttemptLimits, Attempts } from './attempts.ts';
import { AccountBook, type Audit } from './book.ts';
import { type TokenRecord, type UserRecord, writeSafely } from './file.ts';
import { checkPassword, unknownPassword } from './password.ts';
import { fitsPatterns, rightsOf, roleOf } from './rights.ts';
import { digestOf, newSecret } from './secret.ts';
import { type Holder, type SessionLimits, type SessionRecord, Sessions } from './sessions.ts';
import { findToken, issueToken } from './tokens.ts';

export const sessionCookie = 'territory_session';

export interface AccountsOptions {
  /** The data directory. */
  readonly dir: string;
  readonly sessions: SessionLimits;
  readonly signIn: AttemptLimits;
  /** How long the one-time link is good, ms. */
  readonly linkLifetime: number;
  readonly audit: Audit;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** A started session: its cookie goes to the browser once. */
export interface SignedIn {
  readonly cookie: string;
  readonly actor: Actor & { readonly csrf: string };
}

/** A one-time code to sign in with, and until when it is good (ms since the epoch). */
export interface Link {
  readonly code: string;
  readonly until: number;
}

/** Unused one-time codes at once; the oldest gives way. */
const maxLinks = 1_000;

/** Checking a password takes 32 MiB and a thread: more of them at once wait, then are refused. */
const checksAtOnce = 4;

/** The users, tokens and sessions of one data directory, and who a request comes from. */
export class Accounts {
  readonly book: AccountBook;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  readonly #options: AccountsOptions;
  /** Unknown names are checked against a password that nobody has, so that they take as long. */
  readonly #nobody = unknownPassword();
  readonly #senders = new WeakMap<TokenRecord, Sender>();
  /** Asked in this order. */
  readonly #authenticators: readonly Authenticator[];
  /** One-time codes by their hash. */
  readonly #links = new Map<string, { readonly holder: Holder; readonly until: number }>();
  #checking = 0;

  private constructor(options: AccountsOptions, book: AccountBook) {
    this.#options = options;
    this.book = book;
    this.sessions = new Sessions(options.sessions);
    this.attempts = new Attempts(options.signIn);
    this.#authenticators = [
      (headers, now) => this.#byToken(headers, now),
      (headers, now) => this.#bySession(headers, now),
    ];
  }

  /**
   * Opens the accounts; on the first start makes the admin token and writes it to `admin.token`.
   * Throws TERR_ACCOUNTS_FILE.
   */
  static async open(options: AccountsOptions): Promise<Accounts> {
    const book = new AccountBook(options.dir, options.audit);
    const accounts = new Accounts(options, book);
    if (book.fresh) await accounts.#firstStart();
    return accounts;
  }

  /** The actor of a request; undefined when it carries no credential. */
  authenticate(headers: IncomingHttpHeaders): Actor | undefined {
    const now = this.#options.now();
    for (const authenticator of this.#authenticators) {
      const actor = authenticator(headers, now);
      if (actor) return actor;
    }
    return undefined;
  }

  /** Who sends with this Authorization header: one hash and one look-up, on the path of the intake. */
  sender(authorization: string | undefined): Sender | undefined {
    const now = this.#options.now();
    const token = this.#tokenOf(bearerOf(authorization), now);
    if (token === undefined || !rightsOf(token.scope.may).has('send')) return undefined;
    this.book.seen(token, now);
    const known = this.#senders.get(token);
    if (known) return known;
    const sender = senderOf(token);
    this.#senders.set(token, sender);
    return sender;
  }

  /** Whether the header carries a good token, whatever it may do. */
  knows(authorization: string | undefined): boolean {
    return this.#tokenOf(bearerOf(authorization), this.#options.now()) !== undefined;
  }

  /** Throws TERR_ACCOUNTS_SIGN_IN, TERR_ACCOUNTS_SLOW_DOWN. */
  async signIn(given: SignIn, address: string): Promise<SignedIn> {
    const name = 'name' in given ? given.name : `token ${digestOf(given.token)}`;
    const wait = this.attempts.wait(name, address, this.#options.now());
    if (wait > 0)
      throw accountsError('SLOW_DOWN', `wait ${wait} s before trying again`, { retryAfter: wait });
    const holder = 'name' in given ? await this.#checkUser(given) : this.#checkToken(given.token);
    if (holder === undefined) {
      this.attempts.failed(name, address, this.#options.now());
      throw accountsError('SIGN_IN', 'the name or password, or the token, is not right');
    }
    this.attempts.succeeded(name, address);
    return this.#open(holder);
  }

  /** A code that signs one browser in as admin, once; for the link that the start prints. */
  adminLink(): Link | undefined {
    const admin = [...this.book.tokens.values()].find((t) => t.scope.may === 'admin');
    return admin && this.#linkOf({ kind: 'token', id: admin.id });
  }

  /** The same for a user. Throws TERR_ACCOUNTS_UNKNOWN. */
  linkFor(name: string): Link {
    if (!this.book.users.has(name))
      throw accountsError('UNKNOWN', `there is no user named ${name}`);
    return this.#linkOf({ kind: 'user', name });
  }

  #linkOf(holder: Holder): Link {
    const code = newSecret('tln_');
    const until = this.#options.now() + this.#options.linkLifetime;
    this.#links.set(digestOf(code), { holder, until });
    const [oldest] = this.#links.keys();
    if (this.#links.size > maxLinks && oldest !== undefined) this.#links.delete(oldest);
    return { code, until };
  }

  async #firstStart(): Promise<void> {
    const wanted = { name: 'admin', scope: { may: 'admin' as const } };
    const by = { actor: 'territory', now: this.#options.now() };
    const { secret } = await issueToken(this.book, wanted, by);
    writeSafely(join(this.#options.dir, 'admin.token'), `${secret}\n`);
  }

  async #checkUser(given: { name: string; password: string }): Promise<Holder | undefined> {
    if (this.#checking >= checksAtOnce)
      throw accountsError('SLOW_DOWN', 'too many people sign in at this moment', { retryAfter: 1 });
    this.#checking++;
    try {
      const user = this.book.users.get(given.name);
      const right = await checkPassword(user?.password ?? this.#nobody, given.password);
      return right && user && !user.disabled ? { kind: 'user', name: user.name } : undefined;
    } finally {
      this.#checking--;
    }
  }

  #checkToken(secret: string): Holder | undefined {
    const now = this.#options.now();
    const digest = digestOf(secret);
    const link = this.#links.get(digest);
    if (link) {
      this.#links.delete(digest);
      return now < link.until ? link.holder : undefined;
    }
    const token = findToken(this.book, secret, now);
    return token && roleOf(token.scope.may) !== undefined
      ? { kind: 'token', id: token.id }
      : undefined;
  }

  async #open(holder: Holder): Promise<SignedIn> {
    const now = this.#options.now();
    const { cookie, session } = this.sessions.open(holder, now);
    const actor = this.#actorOf(session, now);
    if (actor === undefined) throw accountsError('SIGN_IN', 'the account has just been closed');
    await this.#options.audit({
      what: 'session',
      happened: 'started',
      subject: actor.name,
      actor: actor.name,
      attributes: { kind: actor.kind },
    });
    return { cookie, actor: { ...actor, csrf: session.csrf } };
  }

  #tokenOf(authorization: string | undefined, now: number): TokenRecord | undefined {
    const secret = bearer(authorization);
    return secret === undefined ? undefined : findToken(this.book, secret, now);
  }

  #byToken(headers: IncomingHttpHeaders, now: number): Actor | undefined {
    if (headers.authorization === undefined) return undefined;
    const token = this.#tokenOf(headers.authorization, now);
    if (token === undefined)
      throw accountsError(
        'UNAUTHENTICATED',
        'the token is unknown, revoked or expired; send "Authorization: Bearer tty_…"',
      );
    this.book.seen(token, now);
    return actorOfToken(token);
  }

  #bySession(headers: IncomingHttpHeaders, now: number): Actor | undefined {
    const cookie = cookieOf(headers.cookie, sessionCookie);
    const session = cookie === undefined ? undefined : this.sessions.find(cookie, now);
    return session && this.#actorOf(session, now);
  }

  #actorOf({ holder, csrf }: SessionRecord, now: number): Actor | undefined {
    if (holder.kind === 'token') {
      const token = this.book.tokens.get(holder.id);
      if (token === undefined || (token.expires !== null && token.expires <= now)) return undefined;
      return { ...actorOfToken(token), csrf };
    }
    const user = this.book.users.get(holder.name);
    if (user === undefined || user.disabled) return undefined;
    this.book.seen(user, now);
    return { ...actorOfUser(user), csrf };
  }
}

/** The value of one cookie in a Cookie header. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  const pairs = header?.split(';').map((pair) => pair.trim()) ?? [];
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** RFC 6750 section 2.1; the name of the scheme is case-insensitive (RFC 9110 section 11.1). */
function bearer(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > 200) return undefined;
  return authorization.slice(0, 7).toLowerCase() === 'bearer '
    ? authorization.slice(7).trim()
    : undefined;
}

/**
 * The header of one who can send no token but as the password of Basic (RFC 7617), whatever the user
 * name. Only for who sends events: a browser would add Basic credentials to anybody's request.
 */
function bearerOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.slice(0, 6).toLowerCase() !== 'basic ')
    return authorization;
  const given = Buffer.from(authorization.slice(6, 600), 'base64').toString('utf8');
  return `Bearer ${given.slice(given.indexOf(':') + 1)}`;
}

function actorOfToken(token: TokenRecord): Actor {
  const { may, environments } = token.scope;
  const actor = { name: token.name, role: roleOf(may), rights: rightsOf(may) };
  return { kind: 'token', ...actor, ...(environments && { environments }) };
}

function actorOfUser(user: UserRecord): Actor {
  return { kind: 'user', name: user.name, role: user.role, rights: rightsOf(user.role) };
}

function senderOf({ name, scope }: TokenRecord): Sender {
  const { types, sources } = scope;
  return {
    name,
    source: `/tokens/${encodeURIComponent(name)}`,
    unrestricted: types === undefined && sources === undefined,
    maySend: (type, source) => fitsPatterns(type, types) && fitsPatterns(source, sources),
  };
}
