import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { CodedError } from '../../errors/coded-error.ts';
import type { PlacedRefusal } from '../../event/gathering.ts';

/** One item that was refused. Either `index` (from 0, arrays) or `line` (from 1, NDJSON). */
export interface Refusal {
  readonly index?: number;
  readonly line?: number;
  readonly field?: string;
  readonly code: string;
  readonly message: string;
}

/** The answer when events were taken. */
export interface Intake {
  /** Durable in the log by now. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  /** The first 100 refusals. */
  readonly errors: readonly Refusal[];
}

/** RFC 9457 problem details, with our code and the place in the input. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly field?: string;
  readonly line?: number;
  readonly column?: number;
  readonly errors?: readonly Refusal[];
}

/** How long an early answer waits for a sender to stop sending, ms. */
const linger = 1000;
/** What is left of a body up to this size is read and dropped, and the connection kept. */
const worthDraining = 65_536;

/** The refusals as they are told; an empty `field` means the whole event and is left out. */
export function tell(refusals: readonly PlacedRefusal[]): Refusal[] {
  return refusals.map(({ field, ...rest }) => (field === '' ? rest : { ...rest, field }));
}

/** The problem document of an error; `status` in place of its own. */
export function problemOf(
  error: CodedError,
  errors?: readonly Refusal[],
  status: number = error.status,
): Problem {
  const { field, line, column } = error.details;
  return {
    type: `/docs/errors#${error.code}`,
    title: error.title,
    status,
    code: error.code,
    detail: error.message,
    ...(field !== undefined && { field }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(errors !== undefined && { errors }),
  };
}

/** Answers with what was taken: 200 when that is all, else 207. */
export function answerIntake(res: ServerResponse, intake: Intake): void {
  const { accepted, duplicates, refused, errors } = intake;
  const told = errors.length === 0 ? '[]' : JSON.stringify(errors);
  const text = `{"accepted":${accepted},"duplicates":${duplicates},"refused":${refused},"errors":${told}}`;
  end(res, refused === 0 ? 200 : 207, { 'content-type': 'application/json' }, text);
}

/**
 * Answers with a problem. A body that is still arriving is not read on: small rests are dropped,
 * else the connection is closed, after a while in which the sender can read the answer (closing at
 * once would make its kernel throw the answer away).
 */
export function answerProblem(
  req: IncomingMessage,
  res: ServerResponse,
  problem: Problem,
  more: OutgoingHttpHeaders = {},
): void {
  const text = JSON.stringify(problem);
  const headers = { 'content-type': 'application/problem+json', ...more };
  const { 'transfer-encoding': chunked, 'content-length': length = 0 } = req.headers;
  const rest = chunked === undefined ? Number(length) : Number.NaN;
  if (req.complete || rest <= worthDraining) end(res, problem.status, headers, text);
  else endLate(req, res, [problem.status, headers, text]);
}

/** Answers at once and closes the connection, whatever is still arriving. */
export function answerAndClose(res: ServerResponse, problem: Problem): void {
  const headers = { 'content-type': 'application/problem+json', connection: 'close' };
  end(res, problem.status, headers, JSON.stringify(problem));
}

type Whole = readonly [status: number, headers: OutgoingHttpHeaders, text: string];

function end(res: ServerResponse, ...[status, headers, text]: Whole): void {
  if (res.destroyed || res.headersSent) return;
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

function endLate(req: IncomingMessage, res: ServerResponse, [status, headers, text]: Whole): void {
  if (res.destroyed || res.headersSent) return;
  const length = Buffer.byteLength(text);
  res.writeHead(status, { ...headers, connection: 'close', 'content-length': length });
  res.write(text);
  const stop = (): void => {
    clearTimeout(timer);
    res.end();
  };
  const timer = setTimeout(stop, linger);
  req.once('end', stop).once('close', stop).resume();
}
