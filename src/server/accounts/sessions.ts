import { digestOf, newSecret } from './secret.ts';

/** Whose rights a session has; looked up at every request, so that a change acts at once. */
export type Holder =
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'token'; readonly id: string };

export interface SessionRecord {
  readonly holder: Holder;
  /** Must come back as X-CSRF-Token with every change. */
  readonly csrf: string;
  readonly created: number;
  lastUsed: number;
}

export interface SessionLimits {
  /** ms */
  readonly idle: number;
  readonly lifetime: number;
  readonly max: number;
}

/**
 * Sessions of browsers, in memory only: a restart signs everybody out. A cookie's value is kept
 * as its hash. At most `max`; the least recently used one gives way.
 */
export class Sessions {
  readonly #limits: SessionLimits;
  /** In order of use: a Map keeps insertion order, and a used session is inserted again. */
  readonly #byDigest = new Map<string, SessionRecord>();
  #evicted = 0;

  constructor(limits: SessionLimits) {
    this.#limits = limits;
  }

  /** Opens one; `cookie` is the only copy of its secret. */
  open(holder: Holder, now: number): { cookie: string; session: SessionRecord } {
    const cookie = newSecret('');
    const session = { holder, csrf: newSecret(''), created: now, lastUsed: now };
    this.#byDigest.set(digestOf(cookie), session);
    const [oldest] = this.#byDigest.keys();
    if (this.#byDigest.size > this.#limits.max && oldest !== undefined) {
      this.#byDigest.delete(oldest);
      this.#evicted++;
    }
    return { cookie, session };
  }

  /** The session of a cookie, when it is still good. */
  find(cookie: string, now: number): SessionRecord | undefined {
    const digest = digestOf(cookie);
    const session = this.#byDigest.get(digest);
    if (session === undefined) return undefined;
    this.#byDigest.delete(digest);
    const { idle, lifetime } = this.#limits;
    if (now - session.lastUsed >= idle || now - session.created >= lifetime) return undefined;
    session.lastUsed = now;
    this.#byDigest.set(digest, session);
    return session;
  }

  end(cookie: string): void {
    this.#byDigest.delete(digestOf(cookie));
  }

  /** Ends every session of one holder. */
  endAll(of: (holder: Holder) => boolean): void {
    for (const [digest, session] of this.#byDigest)
      if (of(session.holder)) this.#byDigest.delete(digest);
  }

  get count(): number {
    return this.#byDigest.size;
  }

  get evicted(): number {
    return this.#evicted;
  }
}
