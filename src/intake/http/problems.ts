import type { OutgoingHttpHeaders } from 'node:http';
import { CodedError } from '../../errors/coded-error.ts';
import type { Gathered, GatherOptions } from '../../event/gathering.ts';
import { intakeErrors } from '../errors.ts';
import type { Sender } from '../intake.ts';
import { type Problem, problemOf, tell } from './answer.ts';

/** Any error as one of ours; what we did not foresee tells a sender nothing but to try again. */
export function asCoded(cause: unknown): CodedError {
  if (cause instanceof CodedError) return cause;
  return intakeErrors('FAILED', 'The events could not be stored: send them again later.', {
    cause,
  });
}

/**
 * The problem of a whole request. A full disk is 503 here, not 507: senders know it as a reason to
 * try again, and that is right as soon as there is room.
 */
export function wholeProblem(error: CodedError): Problem {
  return problemOf(error, undefined, error.status === 507 ? 503 : error.status);
}

/** When to try again, seconds, for answers that ask for it. */
export function retryAfter(error: CodedError, status: number): OutgoingHttpHeaders {
  if (error.details.retryAfter !== undefined)
    return { 'retry-after': String(error.details.retryAfter) };
  if (status !== 503 && status !== 429) return {};
  return { 'retry-after': error.status === 507 ? '30' : '1' };
}

/** Refuses the events that a sender may not send. */
export function forbidOf(sender: Sender): NonNullable<GatherOptions['forbid']> {
  return (type, source) => {
    if (sender.maySend(type, source)) return undefined;
    const message = `${sender.name} may not send events of type ${JSON.stringify(type.slice(0, 256))} as ${JSON.stringify(source.slice(0, 256))}: ask for a token with that scope`;
    // Type and source fit together or not: naming one of them would send people the wrong way.
    return { field: '', code: 'TERR_INTAKE_FORBIDDEN', message };
  };
}

/** The problem when events were sent and none was taken. */
export function refusedProblem(
  { refusals, refused, refusedBy }: Gathered,
  single: boolean,
): Problem {
  const errors = tell(refusals);
  const [first] = refusals;
  const forbidden = refusedBy.get('TERR_INTAKE_FORBIDDEN') === refused;
  if (!single || first === undefined) {
    const message = `None of the ${refused} events was taken; \`errors\` says why.`;
    const error = intakeErrors('REFUSED', message);
    return problemOf(error, errors, forbidden ? 403 : 400);
  }
  const tooLarge = refusedBy.has('TERR_EVENT_TOO_LARGE');
  const status = forbidden ? 403 : tooLarge ? 413 : 400;
  const base = problemOf(intakeErrors('REFUSED', first.message), errors, status);
  const at = first.field === '' ? {} : { field: first.field };
  return { ...base, ...at, type: `/docs/errors#${first.code}`, code: first.code };
}
