import type { Access, Missing } from '../../checks/redirects/access.ts';
import type { RedirectRule } from '../../checks/redirects/finding.ts';
import type { MapCounted } from '../../rooms/redirects/room.ts';

/** What the thread of redirect maps is to do; it does one thing, and ends. */
export type RedirectsOrder =
  | { readonly kind: 'read'; readonly path: string; readonly most: number }
  | {
      readonly kind: 'verify';
      readonly path: string;
      /** Undefined: each at its own address. */
      readonly base: string | undefined;
      /** What may be gone to though it is not public, as `outboundOf` reads it. */
      readonly allowed: readonly string[];
      readonly most: number;
    }
  | {
      readonly kind: 'usage';
      readonly path: string;
      readonly accesses: readonly Access[];
      readonly most: number;
    };

/** A finding without its file: there is one. */
export interface MapFinding {
  readonly line: number;
  readonly column: number;
  readonly rule: RedirectRule;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** What is known of rows that were read. */
export interface MapRead {
  readonly counted: MapCounted;
  readonly found: MapFound;
  /** What could not be read as rows. */
  readonly unread: readonly MapFound['findings'][number][];
}

/** What was found in rows. */
export interface MapFound {
  /** How many of each kind. */
  readonly byRule: Readonly<Record<string, number>>;
  /** The first of each kind, errors first. */
  readonly findings: readonly MapFinding[];
}

/** A row that does not hold. */
export interface WrongRow {
  readonly line: number;
  readonly old: string;
  readonly expected: string;
  readonly seen: string;
}

/** What a verification saw. */
export interface MapVerified {
  readonly total: number;
  readonly ok: number;
  readonly wrong: number;
  readonly unknown: number;
  readonly why: string | undefined;
  readonly seconds: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** The first of them. */
  readonly rows: readonly WrongRow[];
}

/** Rows of one host that nobody asked for. */
export interface UnusedOfHost {
  readonly host: string;
  readonly count: number;
  /** The first of them. */
  readonly rows: readonly { readonly line: number; readonly old: string }[];
}

/** What real access says of a map. */
export interface MapUsage {
  /** By every host of the map. */
  readonly unused: readonly UnusedOfHost[];
  readonly missing: readonly Missing[];
}

export interface RedirectsResults {
  readonly read: MapRead;
  readonly verify: MapVerified;
  readonly usage: MapUsage;
}

export type FromRedirects =
  | { readonly kind: 'progress'; readonly done: number; readonly wrong: number }
  | { readonly kind: 'result'; readonly result: RedirectsResults[keyof RedirectsResults] }
  | { readonly kind: 'failed'; readonly message: string };
