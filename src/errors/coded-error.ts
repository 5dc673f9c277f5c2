/** What is always the same about one kind of error. */
export interface ErrorKind {
  /** HTTP status that it becomes at the API. */
  readonly status: number;
  /** A short sentence without values: what went wrong. */
  readonly title: string;
}

/** What is particular to one occurrence. */
export interface ErrorDetails {
  /** The field, setting or parameter at fault. */
  readonly field?: string;
  /** Path of the file in which line and column are, where it is a file. */
  readonly file?: string;
  /** Line and column in the input, from 1. */
  readonly line?: number;
  readonly column?: number;
  /** Seconds after which it makes sense to try again. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/**
 * An error that a caller can act on. `code` is stable and has its paragraph in docs/errors.md;
 * `message` says what was wrong here and what to do about it.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly status: number;
  readonly title: string;
  readonly details: ErrorDetails;

  constructor(code: Code, kind: ErrorKind, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = code;
    this.code = code;
    this.status = kind.status;
    this.title = kind.title;
    this.details = details;
  }
}

/** Every code that was defined, for the test that holds docs/errors.md against them. */
export const definedErrors = new Map<string, ErrorKind>();

/**
 * The errors of one layer: `const logErrors = defineErrors('LOG', { FULL: { status: 507, … } })`,
 * then `throw logErrors('FULL', 'what was wrong here and what to do')`; its code is TERR_LOG_FULL.
 */
export function defineErrors<Layer extends string, Kinds extends Record<string, ErrorKind>>(
  layer: Layer,
  kinds: Kinds,
) {
  type Name = keyof Kinds & string;
  for (const [name, kind] of Object.entries(kinds))
    definedErrors.set(`TERR_${layer}_${name}`, kind);
  return <N extends Name>(
    name: N,
    message: string,
    details: ErrorDetails = {},
  ): CodedError<`TERR_${Layer}_${N}`> =>
    new CodedError(`TERR_${layer}_${name}`, kinds[name] as ErrorKind, message, details);
}
