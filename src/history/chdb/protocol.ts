/**
 * Which connection of the child a statement runs on. A connection runs one statement at a time, so
 * a long query must not stand in the way of an insert, nor of the statement that cancels it.
 */
export type Lane = 'write' | 'read' | 'control';

/** What the child is told before it opens the engine, as JSON in its first argument. */
export interface ChildStart {
  readonly dir: string;
  /** How many queries may run at once. */
  readonly readers: number;
  /** Extra arguments of the engine. */
  readonly engine: readonly string[];
  /** Run one after another before the child is ready. */
  readonly statements: readonly string[];
}

export type ToChild =
  | { readonly kind: 'run'; readonly id: number; readonly lane: Lane; readonly sql: string }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'drain' };

export type FromChild =
  | { readonly kind: 'ready' }
  /** The engine could not be opened; `code` is ClickHouse's, 76 when the directory is locked. */
  | { readonly kind: 'broken'; readonly code: number; readonly message: string }
  /** `body` is what the engine wrote, in the format JSONCompact. */
  | { readonly kind: 'done'; readonly id: number; readonly body: Uint8Array }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: number;
      readonly message: string;
    };

/** ClickHouse's numbers of the errors that are told apart. */
export const engineCodes = {
  cannotLock: 76,
  timeout: 159,
  memory: 241,
  cancelled: 394,
  resultTooLarge: 396,
} as const;

/** The mark by which a running statement is found again to be cancelled. */
export const commentOf = (id: number): string => `territory-${id}`;
