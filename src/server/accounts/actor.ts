import type { IncomingHttpHeaders } from 'node:http';
import type { Role } from '../api/contract.ts';
import type { Right } from './rights.ts';

/** Who makes a request. */
export interface Actor {
  readonly kind: 'user' | 'token';
  /** Name of the user or of the token. */
  readonly name: string;
  /** Undefined for a token that may only send, and that of a runner. */
  readonly role: Role | undefined;
  readonly rights: ReadonlySet<Right>;
  /** Environments that the token of a runner is for; undefined: all. */
  readonly environments?: readonly string[];
  /** Of a session by cookie: what must come back with every change. */
  readonly csrf?: string;
}

/**
 * Turns a request into an actor; undefined when it carries nothing that this authenticator knows,
 * so that the next one is asked. An identity provider (OpenID Connect) is one more of these.
 * Throws TERR_ACCOUNTS_UNAUTHENTICATED for a credential that it knows and refuses.
 */
export type Authenticator = (headers: IncomingHttpHeaders, now: number) => Actor | undefined;
