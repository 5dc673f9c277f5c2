import { STATUS_CODES } from 'node:http';
import { CodedError } from '../../errors/coded-error.ts';
import type { Problem } from '../api/contract.ts';
import { apiError } from '../errors.ts';

export const problemType = 'application/problem+json; charset=utf-8';

/** The problem document (RFC 9457) of an error that a caller may see. */
export function problemOf(error: CodedError): Problem {
  const { code, status, title, message, details } = error;
  const { field, line, column } = details;
  return {
    type: `/docs/errors#${code}`,
    title,
    status,
    code,
    detail: message,
    ...(field === undefined ? {} : { field }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

interface FastifyLike {
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: string;
  readonly validation?: readonly Wrong[];
  readonly validationContext?: string;
}

/** One finding of the validator, in the shape of Ajv's. */
interface Wrong {
  readonly instancePath?: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/**
 * Any thrown thing as a coded error. What is not ours becomes TERR_API_INTERNAL, which says nothing
 * of the inside but the id under which the log has the rest.
 */
export function codedOf(thrown: unknown, requestId: string): CodedError {
  if (thrown instanceof CodedError) return thrown;
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as FastifyLike;
  if (error.validation) return invalid(error);
  const status = error.statusCode ?? 500;
  if (status === 413) return apiError('TOO_LARGE', 'the body is larger than this route takes');
  if (status === 415) return apiError('MEDIA_TYPE', 'send application/json');
  if (status >= 400 && status < 500)
    return apiError('INVALID', error.message ?? STATUS_CODES[status] ?? 'the request is wrong');
  return apiError('INTERNAL', `the request failed; the server's log has more under ${requestId}`, {
    cause: thrown,
  });
}

function invalid({ validation = [], validationContext = 'request' }: FastifyLike): CodedError {
  // Beside what is unknown, the validator reports the `false` of additionalProperties itself.
  const wrongs = validation.filter((one) => one.message !== 'schema is false').map(describe);
  const first = wrongs[0];
  const place = validationContext === 'querystring' ? 'query' : validationContext;
  const detail = [...new Set(wrongs.map((wrong) => wrong.text))].slice(0, 3).join('; ');
  const field = first?.field ? { field: first.field } : {};
  return apiError('INVALID', `${place}: ${detail || 'is not as it should be'}`, field);
}

function describe(wrong: Wrong): { field: string; text: string } {
  const extra = wrong.params?.['additionalProperties'];
  const missing = wrong.params?.['requiredProperties'];
  const path = (wrong.instancePath ?? '').split('/').slice(1).join('.');
  const inside = (name: unknown) => (path === '' ? String(name) : `${path}.${String(name)}`);
  if (Array.isArray(extra) && extra.length > 0)
    return { field: inside(extra[0]), text: `${inside(extra[0])} is not known here` };
  if (Array.isArray(missing) && missing.length > 0)
    return { field: inside(missing[0]), text: `${inside(missing[0])} is missing` };
  const allowed = wrong.params?.['allowedValues'];
  const message = Array.isArray(allowed)
    ? `must be one of ${allowed.join(', ')}`
    : (wrong.message ?? 'is wrong');
  return { field: path, text: `${path || 'it'} ${message}` };
}
