import { type Decoded, isRefused } from '../../decoded.ts';
import type { Answer, Outcome } from '../../http/protocol.ts';
import type { Kind } from './writing.ts';

/** Refusals that are told; Prometheus logs no more than the beginning of an answer. */
const told = 10;

export interface WriteAnswer {
  /** Of all that was decoded, in order. */
  readonly kinds: readonly Kind[];
  /** Whether the sender is told what was written (2.0). */
  readonly counts: boolean;
  /** Decodes once more. */
  readonly again: () => Iterable<Decoded>;
}

/**
 * 204, or 400 with what was refused while the rest is kept. 5xx and 429 have the sender try again,
 * all other 4xx have him drop the request (remote-write 1.0 "Retries & Backoff", 2.0 "Partial Write").
 */
export function answerWrite(outcome: Outcome, write: WriteAnswer): Answer {
  const { failure, refused, errors } = outcome;
  const headers = write.counts ? writtenHeaders(outcome, write.kinds) : {};
  if (failure !== undefined) {
    // A full disk is 507; senders know 503.
    const status = failure.status === 507 ? 503 : failure.status;
    return text(status, headers, failure.message);
  }
  if (refused === 0) return { status: 204, headers };
  const taken = outcome.accepted + outcome.duplicates;
  const forbidden = taken === 0 && errors.every(({ code }) => code === 'TERR_INTAKE_FORBIDDEN');
  const first = errors.slice(0, told);
  const names = namesAt(new Set(first.map(({ index = -1 }) => index)), write.again);
  const lines = first.map(({ index = -1, message }) => `${names.get(index) ?? ''}${message}`);
  if (refused > first.length) lines.push(`and ${refused - first.length} more`);
  const head = `${refused} refused, ${taken} taken:`;
  return text(forbidden ? 403 : 400, headers, [head, ...lines].join('\n'));
}

function text(status: number, headers: Record<string, string>, body: string): Answer {
  return {
    status,
    headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
    body: `${body}\n`,
  };
}

/**
 * What is durable by now, duplicates too. Of the refusals that are not told by place, all are taken
 * for samples: there are at most as many more of those.
 */
function writtenHeaders(outcome: Outcome, kinds: readonly Kind[]): Record<string, string> {
  const count = { sample: 0, histogram: 0, exemplar: 0, none: 0 };
  if (outcome.failure === undefined) {
    for (const kind of kinds) count[kind]++;
    for (const { index = -1 } of outcome.errors) count[kinds[index] ?? 'none']--;
    count.sample -= outcome.refused - outcome.errors.length;
  }
  const shown = (n: number): string => String(Math.max(0, n));
  return {
    'x-prometheus-remote-write-samples-written': shown(count.sample),
    'x-prometheus-remote-write-histograms-written': shown(count.histogram),
    'x-prometheus-remote-write-exemplars-written': shown(count.exemplar),
  };
}

/** Names of the events at these places. */
function namesAt(
  wanted: ReadonlySet<number>,
  again: () => Iterable<Decoded>,
): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const last = Math.max(...wanted);
  let index = 0;
  for (const one of again()) {
    if (index > last) break;
    if (wanted.has(index) && !isRefused(one)) names.set(index, `${one.name ?? ''}: `);
    index++;
  }
  return names;
}
