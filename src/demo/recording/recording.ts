import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type Position, readMessages } from '../../client/sse.ts';
import type { Company, Part } from '../company.ts';
import { demoErrors } from '../errors.ts';
import { type Head, isRecordable, readRecorded } from './format.ts';

/** A recording has at most so many bytes; then it says so and keeps no more. */
export const maxBytes = 4 * 1024 ** 3;
/** Before a lost connection is opened again, ms. */
const againMs = 1_000;
/** How often is said how much there is, ms. */
const sayEvery = 60_000;

/**
 * Keeps every event of the company in a file as long as it runs: those that were taken since `from` (ms
 * since the epoch, UTC), which may be before the part began.
 */
export const runRecording = (file: string, from: number, limit = maxBytes): Part => {
  async function runRecording(company: Company): Promise<void> {
    const recording = await Recording.begin(file, from, { company, limit });
    const saying = setInterval(() => company.say(recording.words()), sayEvery);
    try {
      await recording.follow();
    } finally {
      clearInterval(saying);
      await recording.end();
      company.say(recording.words());
    }
  }
  return runRecording;
};

/**
 * Throws TERR_DEMO_RECORDING unless the file can be made: one that is there is never written over, but
 * an empty one, which a start that failed left.
 */
export async function requireNew(file: string): Promise<void> {
  let size: number;
  try {
    const made = await open(file, 'a', 0o600);
    ({ size } = await made.stat());
    await made.close();
  } catch (cause) {
    throw demoErrors('RECORDING', `${file} can not be made`, { file, cause });
  }
  if (size > 0)
    throw demoErrors('RECORDING', `${file} is there already: name another file`, { file });
}

interface Around {
  readonly company: Company;
  /** Bytes. */
  readonly limit: number;
}

class Recording {
  readonly #company: Company;
  readonly #file: string;
  readonly #out: WriteStream;
  readonly #limit: number;
  readonly #from: number;
  readonly #position: Position = { id: '', retry: undefined };
  /** Aborts when the file can not be written any more. */
  readonly #failed = new AbortController();
  #events = 0;
  #bytes = 0;
  /** Did not fit any more. */
  #left = 0;

  private constructor(file: string, from: number, { company, limit }: Around) {
    this.#file = file;
    this.#from = from;
    this.#company = company;
    this.#limit = limit;
    this.#out = createWriteStream(file, { flags: 'a', mode: 0o600 });
    this.#out.on('error', (error) => this.#failed.abort(error));
  }

  static async begin(file: string, from: number, around: Around): Promise<Recording> {
    const recording = new Recording(file, from, around);
    await once(recording.#out, 'open');
    const { seed, speed } = around.company;
    const head: Head = { territory: 'recording', format: 1, began: from, seed, speed };
    await recording.#write(`${JSON.stringify(head)}\n`);
    return recording;
  }

  words(): string {
    const left = this.#left === 0 ? '' : `; it is full, ${this.#left} more were left out`;
    const { aborted, reason } = this.#failed.signal;
    const failed = aborted ? `; it ended early: ${String(reason)}` : '';
    const kilobytes = Math.round(this.#bytes / 1000);
    return `${this.#file} has ${this.#events} events, ${kilobytes} kB${left}${failed}`;
  }

  /** Until the company ends; a server that restarts is waited for, and nothing is missed. */
  async follow(): Promise<void> {
    const signal = AbortSignal.any([this.#company.signal, this.#failed.signal]);
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      await this.#followOnce(signal).catch(() => undefined); // the server is away
      // oxlint-disable-next-line no-await-in-loop -- not at once
      await pause(againMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async end(): Promise<void> {
    if (this.#out.closed) return;
    const closed = new Promise<void>((resolve) => this.#out.once('close', () => resolve()));
    this.#out.end();
    await closed;
  }

  async #followOnce(signal: AbortSignal): Promise<void> {
    const { territory } = this.#company;
    const headers: Record<string, string> = {
      authorization: `Bearer ${territory.token}`,
      accept: 'text/event-stream',
    };
    if (this.#position.id !== '') headers['last-event-id'] = this.#position.id;
    const from = encodeURIComponent(new Date(this.#from).toISOString());
    const { body } = await fetch(`${territory.url}/api/v1/tail?from=${from}`, { headers, signal });
    if (!body) return;
    for await (const { event, data } of readMessages(body, this.#position)) {
      const recorded = event === 'message' ? readRecorded(data) : undefined;
      if (recorded && isRecordable(recorded.source)) await this.#keep(data);
    }
  }

  async #keep(line: string): Promise<void> {
    const bytes = Buffer.byteLength(line) + 1;
    if (this.#bytes + bytes > this.#limit) {
      this.#left += 1;
      return;
    }
    this.#events += 1;
    await this.#write(`${line}\n`);
  }

  /** Waits while the disk is slower than the company. */
  async #write(text: string): Promise<void> {
    this.#bytes += Buffer.byteLength(text);
    if (!this.#out.write(text)) await once(this.#out, 'drain');
  }
}
