import type { IncomingMessage } from 'node:http';
import type { CodedError } from '../../errors/coded-error.ts';
import { intakeErrors } from '../errors.ts';
import type { Lease } from './budget.ts';

export interface BodyLimits {
  /** Bytes of a body as it was sent. */
  readonly maxBody: number;
  /** Within this time a body must have arrived whole, ms. */
  readonly bodyTimeout: number;
}

/** Called once, with the body or with why there is none. */
export type BodyTaken = (outcome: Buffer | CodedError) => void;

/**
 * Collects the body of a request. Its bytes are counted as they come, not as they are announced:
 * who announces much and sends nothing holds nothing. After an error nothing more is kept.
 */
export function readBody(
  req: IncomingMessage,
  limits: BodyLimits,
  lease: Lease,
  taken: BodyTaken,
): void {
  if (Number(req.headers['content-length'] ?? 0) > limits.maxBody) {
    taken(tooLarge(limits.maxBody));
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  const settle = (outcome: Buffer | CodedError): void => {
    clearTimeout(timer);
    req.off('data', onData).off('end', onEnd).off('close', onClose);
    taken(outcome);
  };
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > limits.maxBody) settle(tooLarge(limits.maxBody));
    else if (lease.take(chunk.length)) chunks.push(chunk);
    else settle(busy());
  };
  const onEnd = (): void => {
    const [first = empty] = chunks;
    settle(chunks.length <= 1 ? first : Buffer.concat(chunks, size));
  };
  const onClose = (): void =>
    settle(intakeErrors('ABORTED', 'The connection ended before the body was complete.'));
  const timer = setTimeout(() => settle(late(limits.bodyTimeout, size)), limits.bodyTimeout);
  req.on('data', onData).on('end', onEnd).on('close', onClose).on('error', noop);
}

const empty = Buffer.alloc(0);

// An aborted request emits `error` and then `close`; the second is what is acted on.
function noop(): void {}

/** Too many bytes of bodies are in memory. */
export function busy(): CodedError {
  const message =
    'Bodies that are being read fill the memory set aside for them; nothing was taken.';
  return intakeErrors('BUSY', message, { retryAfter: 1 });
}

function tooLarge(limit: number): CodedError {
  const message = `The body has more than ${limit} bytes (intake.maxBody): send it in parts.`;
  return intakeErrors('TOO_LARGE', message);
}

function late(ms: number, size: number): CodedError {
  const message = `After ${ms / 1000} s (intake.bodyTimeout) ${size} bytes had arrived and the body was not complete.`;
  return intakeErrors('TIMEOUT', message);
}
