import { type Decoded, isRefused, refused } from '../decoded.ts';
import { checkIn, goesOn, isCheck } from './check.ts';
import { eventIn, fits, frameOf, isEvent } from './event.ts';
import type { Interval } from './interval.ts';
import { MetricLine } from './metric-line.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const longestSample = 200;

/** What a whole piece of bytes became beside samples, which is nothing in most. */
const nothing: readonly Decoded[] = [];

/** Reads messages: samples into the interval, all else is given back. */
export class Messages {
  readonly #interval: Interval;
  readonly #line = new MetricLine();
  #samples = 0;

  constructor(interval: Interval) {
    this.#interval = interval;
  }

  /** How many samples were taken since this was last asked. */
  takeSamples(): number {
    const samples = this.#samples;
    this.#samples = 0;
    return samples;
  }

  /** Reads a datagram: messages with newlines between them. */
  readAll(bytes: Buffer): readonly Decoded[] {
    let others: Decoded[] | undefined;
    let place = 1;
    for (let start = 0; start < bytes.length; place++) {
      const end = messageEnd(bytes, start, bytes.length);
      const other = this.read(bytes, start, end);
      if (other !== undefined) (others ??= []).push(placed(other, place));
      start = end + 1;
    }
    return others ?? nothing;
  }

  /** Reads the message in [start, end); what it is, unless it is a sample. */
  read(bytes: Buffer, start: number, end: number): Decoded | undefined {
    const until = bytes[end - 1] === carriageReturn ? end - 1 : end;
    if (start >= until) return undefined;
    if (isEvent(bytes, start)) return shown(eventIn, bytes.subarray(start, until));
    if (isCheck(bytes, start)) return shown(checkIn, bytes.subarray(start, until));
    const line = this.#line;
    const problem = line.read(bytes, start, until);
    if (problem !== undefined)
      return shown(() => refused('TERR_INTAKE_DECODE', problem), bytes.subarray(start, until));
    if (line.time > 0 && (line.kind === 'c' || line.kind === 'g'))
      return this.#interval.timed(bytes, line);
    const refusal = this.#interval.sample(bytes, line);
    if (refusal) return { refused: refusal };
    this.#samples += line.count;
    return undefined;
  }
}

/** Where the next newline is, or `end`. */
export function lineEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== newline) at++;
  return at;
}

/** Where a message ends: at a newline, but for those inside an event or a check's message. */
function messageEnd(bytes: Buffer, start: number, end: number): number {
  const first = lineEnd(bytes, start, end);
  if (isEvent(bytes, start)) {
    const frame = frameOf(bytes, start, end);
    const whole = frame && fits(bytes, start, frame) && start + frame.end <= end;
    return whole ? lineEnd(bytes, start + frame.end, end) : first;
  }
  if (!isCheck(bytes, start) || !bytes.subarray(start, first).includes('|m:')) return first;
  let last = first;
  for (;;) {
    const next = lineEnd(bytes, last + 1, end);
    if (last >= end || !goesOn(bytes, last + 1, next)) return last;
    last = next;
  }
}

/** What a message is; one that is refused, with how it began. */
function shown(decode: (message: Buffer) => Decoded, message: Buffer): Decoded {
  const decoded = decode(message);
  if (!isRefused(decoded)) return decoded;
  return { refused: { ...decoded.refused, sample: message.toString('utf8', 0, longestSample) } };
}

function placed(decoded: Decoded, line: number): Decoded {
  return isRefused(decoded) ? { refused: { ...decoded.refused, line } } : decoded;
}
