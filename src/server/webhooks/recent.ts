import type { IncomingHttpHeaders } from 'node:http';
import { isRecord } from '../../event/json.ts';
import { readJson } from '../../intake/webhook/deliver.ts';
import { secretName } from '../../intake/webhook/essential.ts';
import type { RecentBodies } from '../api/contract-webhooks.ts';

type Recent = RecentBodies['bodies'][number];

/** Bodies of one webhook, bytes of one body, and bytes of all together that are kept in memory. */
export const keptBodies = 5;
const maxKeptBody = 256 * 1024;
export const maxKept = 16 * 1024 * 1024;

const hidden = '[redacted]';
const secretHeader = /signature|token|authorization|cookie|secret|api-key|password/i;
const usefulHeader = /^(content-type|user-agent|x-|webhook-|sentry-|request-id|idempotency-key)/;

/** The last bodies of each webhook, without what looks like a secret. */
export class RecentOnes {
  /** In the order in which they came, the oldest first. */
  #all: { readonly name: string; readonly recent: Recent }[] = [];
  #bytes = 0;
  /** Bodies that gave way to newer ones of any webhook, or were too long to be kept. */
  left = 0;

  add(
    name: string,
    posted: {
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
      readonly now: number;
      /** Names of headers that hold the proof of this webhook. */
      readonly proof: readonly string[];
    },
  ): void {
    const { headers, body, now, proof } = posted;
    if (body.length > maxKeptBody) {
      this.left++;
      return;
    }
    const text = withoutSecrets(body, headers);
    if (text === undefined) return;
    const recent = { time: now, bytes: body.length, headers: told(headers, proof), body: text };
    this.#all.push({ name, recent });
    this.#bytes += text.length;
    const own = this.#all.filter((one) => one.name === name);
    if (own.length > keptBodies) this.#drop((one) => one === own[0]);
    while (this.#bytes > maxKept) {
      this.left++;
      this.#drop((one) => one === this.#all[0]);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  of(name: string): Recent[] {
    return this.#all
      .filter((one) => one.name === name)
      .map(({ recent }) => recent)
      .toReversed();
  }

  forget(name: string): void {
    this.#drop((one) => one.name === name);
  }

  #drop(gone: (one: { readonly name: string; readonly recent: Recent }) => boolean): void {
    const [first] = this.#all;
    if (first === undefined) return;
    const kept = this.#all.filter((one) => !gone(one));
    this.#all = kept;
    this.#bytes = kept.reduce((sum, { recent }) => sum + recent.body.length, 0);
  }
}

/** Undefined for what is no JSON: in it secrets cannot be told from the rest. */
function withoutSecrets(body: Buffer, headers: IncomingHttpHeaders): string | undefined {
  try {
    const value = readJson(body, headers);
    return JSON.stringify(value, (name, part: unknown) =>
      secretName.test(name) && part !== null && !isRecord(part) && !Array.isArray(part)
        ? hidden
        : part,
    );
  } catch {
    return undefined; // No JSON, or nested so deeply that it cannot be written.
  }
}

function told(headers: IncomingHttpHeaders, proof: readonly string[]): Record<string, string> {
  const secret = new Set(proof.map((name) => name.toLowerCase()));
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    if (typeof value !== 'string' || !usefulHeader.test(name)) return [];
    if (secretHeader.test(name) || secret.has(name)) return [];
    return [[name, value.slice(0, 500)] as const];
  });
  return Object.fromEntries(entries.slice(0, 50));
}
