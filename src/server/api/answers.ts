import type { TSchema } from 'typebox';
import { Problem } from './contract.ts';

/** What a route may answer, for its documentation: the good answer and the problems. */
export function answers(good: TSchema, ...problems: readonly number[]): Answers {
  return { 200: { description: 'The answer', ...json(good) }, ...refusals(problems) };
}

/** The same for a route that makes something. */
export function made(good: TSchema, ...problems: readonly number[]): Answers {
  return { 201: { description: 'It was made', ...json(good) }, ...refusals(problems) };
}

/** The same for a route that answers with no body. */
export function done(...problems: readonly number[]): Answers {
  return { 204: { description: 'It was done', type: 'null' }, ...refusals(problems) };
}

/** By status. Left open, so that the router does not derive the handlers' types from it. */
type Answers = Record<number, unknown>;

function refusals(statuses: readonly number[]): Answers {
  return Object.fromEntries(statuses.map((status) => [status, problem(status)]));
}

/** One problem document under its status. */
export function problem(status: number): unknown {
  return {
    description: descriptions[status] ?? 'The request was refused',
    content: { 'application/problem+json': { schema: Problem } },
  };
}

export function json(schema: TSchema): { content: unknown } {
  return { content: { 'application/json': { schema } } };
}

const descriptions: Readonly<Record<number, string>> = {
  400: 'The request is wrong; `field`, `line` and `column` say where',
  401: 'No credential, or one that is not good',
  403: 'The actor lacks the right, or the CSRF token is missing',
  404: 'There is no such thing',
  409: 'It cannot be done in the present state',
  410: 'It was there, and has left the log',
  429: 'Too often; see Retry-After',
  503: 'Not now; see Retry-After',
};
