import type { Answer, Outcome } from '../http/protocol.ts';
import type { Encoding } from './body.ts';

/** What is counted when something of a signal was refused (…ServicePartialSuccess). */
export type Rejected = 'rejectedDataPoints' | 'rejectedLogRecords' | 'rejectedSpans';

const types: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

/**
 * Export…ServiceResponse, or google.rpc.Status when all of it failed, encoded as the request was
 * (opentelemetry-proto, docs/specification.md, "OTLP/HTTP Response"). The partial success is left
 * out when there is nothing to say, as it must be.
 */
export function answerIn(encoding: Encoding, outcome: Outcome, rejected: Rejected): Answer {
  const headers = { 'content-type': types[encoding] };
  const { failure, refused, errors } = outcome;
  if (failure !== undefined) {
    const status = failure.status === 507 ? 503 : failure.status;
    const text = `${failure.message} (${failure.code})`;
    return { status, headers, body: statusBody(encoding, codeOf(status), text) };
  }
  if (refused === 0) return { status: 200, headers, body: encoding === 'json' ? '{}' : '' };
  const message = errors[0]?.message ?? '';
  return { status: 200, headers, body: partial(encoding, { rejected, refused, message }) };
}

interface Partial {
  readonly rejected: Rejected;
  readonly refused: number;
  readonly message: string;
}

function partial(encoding: Encoding, { rejected, refused, message }: Partial): string | Buffer {
  if (encoding === 'json')
    return JSON.stringify({
      partialSuccess: { [rejected]: String(refused), errorMessage: message },
    });
  const inner = Buffer.concat([number(1, refused), text(2, message)]);
  return Buffer.concat([Buffer.from([0x0a]), varint(inner.length), inner]);
}

function statusBody(encoding: Encoding, code: number, message: string): string | Buffer {
  if (encoding === 'json') return JSON.stringify({ code, message });
  return Buffer.concat([number(1, code), text(2, message)]);
}

/** google.rpc.Code: INVALID_ARGUMENT, UNAUTHENTICATED, PERMISSION_DENIED, …, else INTERNAL. */
function codeOf(status: number): number {
  if (status === 401) return 16;
  if (status === 403) return 7;
  if (status === 503 || status === 429) return 14;
  return status < 500 ? 3 : 13;
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([field * 8]), varint(value)]);
}

function text(field: number, value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([field * 8 + 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}
