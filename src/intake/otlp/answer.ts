import type { CodedError } from '../../errors/coded-error.ts';
import { intakeErrors } from '../errors.ts';
import type { Answer, Outcome, Received } from '../http/protocol.ts';
import { bytesField, varintField } from '../protobuf/encode.ts';

export type Signal = 'metrics' | 'logs' | 'traces';
export type Encoding = 'json' | 'protobuf';

const mediaTypes: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

/** `Export…PartialSuccess.rejected_…` in JSON; each has number 1, and `error_message` number 2. */
const rejectedNames: Readonly<Record<Signal, string>> = {
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
  traces: 'rejectedSpans',
};

/** How a body is encoded. Throws TERR_INTAKE_MEDIA_TYPE. */
export function encodingOf({ headers }: Pick<Received, 'headers'>): Encoding {
  const given = headers['content-type'] ?? '';
  const type = (given.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (type === 'application/json') return 'json';
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  const shown = given === '' ? 'There is no Content-Type' : JSON.stringify(given.slice(0, 64));
  const message = `${shown}: OTLP is sent as application/x-protobuf or application/json.`;
  throw intakeErrors('MEDIA_TYPE', message, { field: 'Content-Type' });
}

/** What an answer is made of beside what became of the request. */
export interface Asked {
  readonly signal: Signal;
  readonly encoding: Encoding;
  /** Data points, records or spans that were looked at. */
  readonly items: number;
}

/**
 * The answer of OTLP/HTTP (specification 1.9.0, "OTLP/HTTP Response"): the Export…ServiceResponse,
 * with `partial_success` only where something was refused, or a `google.rpc.Status`, in the encoding
 * of the request. Where nothing at all was taken of what was sent it is 400, or 403 where the sender
 * may not send it: another try would end the same.
 */
export function answerOf(outcome: Outcome, asked: Asked): Answer {
  const { failure, refused, accepted, duplicates } = outcome;
  if (failure !== undefined) {
    const said = `${failure.message} (${failure.code})`;
    return statusAnswer(asked, httpStatus(failure), said);
  }
  if (refused === 0) return told(asked, 200, emptyOf[asked.encoding]);
  const { code, message } = outcome.errors[0] ?? { code: '', message: 'nothing was taken' };
  if (accepted + duplicates === 0)
    return statusAnswer(asked, code === forbidden ? 403 : 400, `${message} (${code})`);
  // One data point can be several readings, so at most what was sent was rejected.
  const rejected = Math.min(refused, asked.items);
  return told(asked, 200, partialOf[asked.encoding](rejected, message, asked.signal));
}

const forbidden = 'TERR_INTAKE_FORBIDDEN';

/** Senders try again after 429, 502, 503 and 504 alone: what may pass, as a full disk, is 503. */
function httpStatus({ status }: CodedError): number {
  return status === 507 || status === 500 ? 503 : status;
}

function told({ encoding }: Asked, status: number, body: Uint8Array | string): Answer {
  return { status, headers: { 'content-type': mediaTypes[encoding] }, body };
}

const emptyOf: Readonly<Record<Encoding, string>> = { json: '{}', protobuf: '' };

type Partially = (rejected: number, message: string, signal: Signal) => Uint8Array | string;

const partialOf: Readonly<Record<Encoding, Partially>> = {
  json: (rejected, errorMessage, signal) =>
    JSON.stringify({
      partialSuccess: { [rejectedNames[signal]]: String(rejected), errorMessage },
    }),
  protobuf: (rejected, message) =>
    bytesField(1, Buffer.concat([varintField(1, rejected), bytesField(2, Buffer.from(message))])),
};

/** `google.rpc.Status`: code 1, message 2. */
function statusAnswer(asked: Asked, http: number, message: string): Answer {
  const code = rpcCodes.get(http) ?? (http < 500 ? 3 : 13);
  const body =
    asked.encoding === 'json'
      ? JSON.stringify({ code, message })
      : Buffer.concat([varintField(1, code), bytesField(2, Buffer.from(message))]);
  return told(asked, http, body);
}

/** google/rpc/code.proto by HTTP status: INVALID_ARGUMENT where nothing else fits. */
const rpcCodes: ReadonlyMap<number, number> = new Map([
  [401, 16],
  [403, 7],
  [413, 8],
  [429, 8],
  [503, 14],
]);
