import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Draft } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';
import { findJsonError } from '../../event/scan/json-error.ts';
import { intakeErrors } from '../errors.ts';
import { Body } from './body.ts';
import { draftsOf } from './fact.ts';
import { type Delivery, type Product, factsOf } from './product.ts';

/** A body with its headers, its sender being known. */
export interface Posted {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where the product names no instance: `/webhooks/<name>`. */
  readonly source: string;
  /** ms since the epoch, UTC. */
  readonly now: number;
}

/** The events that a product's delivery becomes. Throws TERR_INTAKE_DECODE for what is no JSON. */
export function draftsOfDelivery(product: Product, posted: Posted): Iterable<Draft> {
  const { headers, body, source, now } = posted;
  const delivery: Delivery = { headers, body: new Body(readJson(body, headers)) };
  const id = product.idOf(delivery) ?? digestOf(body);
  const items = product.items(delivery);
  return draftsOf(factsOf(product, items), { id, source, now }, items.length > 1);
}

/** The same body is the same delivery, where the product gives it no name. */
export function digestOf(body: Buffer): string {
  return `sha256-${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;
}

/**
 * The JSON of a body, also in the `payload` of a form, as GitHub and Gitea can be told to send it.
 * Throws TERR_INTAKE_DECODE with line and column.
 */
export function readJson(body: Buffer, headers: IncomingHttpHeaders): unknown {
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const whole = body.toString('utf8').replace(/^\uFEFF/, '');
  const text = form ? (new URLSearchParams(whole).get('payload') ?? '') : whole;
  if (text.trim() === '')
    throw intakeErrors('EMPTY', 'the body is empty: the product must send JSON');
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value) || Array.isArray(value)) return value;
  } catch (cause) {
    const { line, column, expected } = findJsonError(text) ?? {
      line: 1,
      column: 1,
      expected: 'JSON',
    };
    throw intakeErrors(
      'DECODE',
      `the body is no JSON: at line ${line}, column ${column} ${expected} was expected. Let the product send application/json`,
      { line, column, cause },
    );
  }
  throw intakeErrors('DECODE', 'the body is neither a JSON object nor a list of them');
}
