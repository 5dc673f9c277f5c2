import { Value } from 'typebox/value';
import { Intake, Problem, type Refusal } from '../server/api/contract.ts';
import { ProblemAnswer, call } from './api.ts';
import { withRetries } from './backoff.ts';
import type { Connection } from './connection.ts';
import { cliErrors } from './errors.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** One refused line or item: where it stands in the input, and why. */
export interface Refused {
  /** From 1. */
  readonly at: number;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

/** What became of everything that was sent. */
export interface Report {
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  /** The first `maxErrors` of them. */
  readonly errors: readonly Refused[];
}

/** Encoded events with the place of each in the input. */
export interface Parcel {
  /** JSON, one event each, without a line end. */
  readonly lines: readonly string[];
  readonly places: readonly number[];
}

export interface Delivery {
  /** Resolves once the parcel is durable at the server. Tries again while it is overloaded. */
  readonly send: (parcel: Parcel) => Promise<void>;
  readonly report: () => Report;
}

export interface DeliveryOptions {
  readonly retryForMs: number;
  readonly onWait: (why: string, ms: number) => void;
  readonly onRefused: (refused: Refused) => void;
}

const maxErrors = 1_000;

/** Sends parcels of events one after the other and counts what became of them. */
export function openDelivery(connection: Connection, options: DeliveryOptions): Delivery {
  const total = { accepted: 0, duplicates: 0, refused: 0 };
  const errors: Refused[] = [];
  let reached = false;

  async function post(parcel: Parcel): Promise<Intake> {
    const answer = await call(connection, {
      method: 'POST',
      path: 'api/v1/events',
      alsoAnswers: [400],
      body: {
        type: 'application/x-ndjson',
        bytes: new TextEncoder().encode(`${parcel.lines.join('\n')}\n`),
      },
    });
    reached = true;
    return readIntake(answer, parcel.lines.length);
  }

  return {
    async send(parcel) {
      if (parcel.lines.length === 0) return;
      const answer = await withRetries(() => post(parcel), {
        forMs: options.retryForMs,
        signal: connection.signal,
        wasReached: () => reached,
        onWait: options.onWait,
      });
      total.accepted += answer.accepted;
      total.duplicates += answer.duplicates;
      total.refused += answer.refused;
      for (const error of answer.errors) {
        const refused = placeRefusal(error, parcel);
        if (errors.length < maxErrors) errors.push(refused);
        options.onRefused(refused);
      }
    },
    report: () => ({ ...total, errors }),
  };
}

/** Nothing refused: 0; some: 5; all: 2. */
export function exitCodeOf(report: Report): ExitCode {
  if (report.refused === 0) return exitCodes.ok;
  return report.accepted + report.duplicates === 0 ? exitCodes.badInput : exitCodes.partly;
}

/** A request of which nothing was taken is answered with a problem that may list its refusals. */
function readIntake(answer: unknown, sent: number): Intake {
  if (Value.Check(Intake, answer)) return answer;
  if (!Value.Check(Problem, answer))
    throw cliErrors('ANSWER', 'the server took the events, but its answer can not be understood');
  const errors = Value.Check(Intake.properties.errors, answer.errors) ? answer.errors : [];
  if (errors.length === 0) throw new ProblemAnswer(answer, undefined);
  return { accepted: 0, duplicates: 0, refused: sent, errors };
}

function placeRefusal(error: Refusal, parcel: Parcel): Refused {
  const index = error.line === undefined ? (error.index ?? 0) : error.line - 1;
  return {
    at: parcel.places[index] ?? 0,
    code: error.code,
    message: error.message,
    ...(error.field === undefined ? {} : { field: error.field }),
  };
}
