import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { CodedError } from '../../errors/coded-error.ts';
import type { Decoded } from '../decoded.ts';
import type { Sender } from '../intake.ts';
import type { Refusal } from './answer.ts';

/** A request whose body has arrived whole. */
export interface Received {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Unpacked as Content-Encoding says (gzip, deflate, br); others are left to the protocol. */
  readonly body: Buffer;
  /** As it was sent, for signatures. */
  readonly raw: Buffer;
  /** Bytes that a body may have once unpacked (`intake.maxBody`). */
  readonly maxBody: number;
  /** ms since the epoch, UTC. */
  readonly now: number;
}

/** What became of a request. */
export interface Outcome {
  /** Durable by now. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  /** The first hundred refusals. */
  readonly errors: readonly Refusal[];
  /** Why nothing was taken at all; `status` 5xx or 429 asks the sender to try again. */
  readonly failure?: CodedError;
}

export interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

/**
 * A protocol on the server's own port. Its requests never reach the web framework. A body is
 * decoded in steps, checked, appended, and answered when it is durable.
 */
export interface HttpProtocol {
  /** In `GET /api/v1/intakes`. */
  readonly name: string;
  readonly title: string;
  /** As told to people, e.g. `/v1/metrics`. */
  readonly path: string;
  readonly takes: (path: string) => boolean;
  /** Of whom a request tells by its path alone, to count what is refused before it is proved. */
  readonly senderAt?: (path: string) => string | undefined;
  /** Content-Encodings beside gzip, deflate and br that `decode` unpacks itself: `snappy`. */
  readonly encodings?: readonly string[];
  /**
   * Who sends, when that is not said by a token in the Authorization header (Bearer, or the password
   * of Basic). Asked when the body is there; `byToken` finds the sender of a token. Throws a
   * CodedError (TERR_INTAKE_SIGNATURE, UNAUTHENTICATED) to turn it away.
   */
  readonly authorise?: (
    request: Received,
    byToken: (token: string) => Sender | undefined,
  ) => Sender;
  /** Throws a CodedError when the whole body is useless. */
  readonly decode: (request: Received, sender: Sender) => Iterable<Decoded>;
  readonly answer: (outcome: Outcome, request: Received) => Answer;
}
