import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Company } from '../company.ts';
import { demoErrors } from '../errors.ts';
import { again, type Mapping, mapped, readHead, readRecorded } from './format.ts';

/** Events of one request, and ms of the replay that they may be apart. */
const maxBatch = 500;
const maxApart = 200;
/** Of one line; longer ones are no events. Characters. */
const maxLine = 2 * 1024 * 1024;
const sayEvery = 10_000;

/** What became of a recording. */
export interface Replayed {
  /** Events that the server took; what it had already counts as well. */
  readonly given: number;
  /** Lines that are no events, and events that the server refused. */
  readonly leftOut: number;
}

type Around = Pick<Company, 'territory' | 'say' | 'signal' | 'now' | 'speed'>;

/**
 * Gives the events of a recording to a server that takes them (`demo.replay`), in their order, `speed`
 * times as fast as they came. Reads the file as it goes. Throws TERR_DEMO_RECORDING for a file that is
 * no recording.
 */
export async function replay(file: string, around: Around): Promise<Replayed> {
  const giving = new Giving(around);
  try {
    await giveAll(file, around, giving);
  } catch (error) {
    if (around.signal.aborted) return giving.counts();
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'EISDIR') throw error;
    throw demoErrors('RECORDING', `${file} can not be read`, { file, cause: error });
  }
  const { given, leftOut } = giving.counts();
  around.say(`the recording is over: ${given} events${leftOut > 0 ? `, ${leftOut} left out` : ''}`);
  return { given, leftOut };
}

async function giveAll(file: string, { now, speed }: Around, giving: Giving): Promise<void> {
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  let mapping: Mapping | undefined;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (mapping === undefined) {
      mapping = { began: readHead(line, file).began, starts: now(), speed };
      giving.begin(mapping.starts);
      continue;
    }
    const event = line.length > maxLine ? undefined : readRecorded(line);
    if (event) await giving.give(again(event, mapping), mapped(event.received, mapping));
    else if (line !== '') giving.leave(`${file}:${number} is no event`);
  }
  if (mapping === undefined) readHead('', file);
  await giving.flush();
}

class Giving {
  readonly #around: Around;
  #batch: object[] = [];
  /** When the first of the batch is due, ms since the epoch. */
  #due = 0;
  #given = 0;
  #leftOut = 0;
  #said = 0;
  /** The same moment by two clocks: that of the wall may stand, or be set. */
  #starts = 0;
  #ticked = 0;

  constructor(around: Around) {
    this.#around = around;
  }

  counts(): Replayed {
    return { given: this.#given, leftOut: this.#leftOut };
  }

  begin(starts: number): void {
    this.#starts = starts;
    this.#ticked = performance.now();
  }

  /** The first of them are said, all are counted. */
  leave(why: string): void {
    this.#leftOut += 1;
    if (this.#leftOut <= 5) this.#around.say(why);
  }

  async give(event: object, due: number): Promise<void> {
    const full = this.#batch.length >= maxBatch || due - this.#due > maxApart;
    if (this.#batch.length > 0 && full) await this.flush();
    if (this.#batch.length === 0) this.#due = due;
    this.#batch.push(event);
  }

  async flush(): Promise<void> {
    const { territory, signal, say } = this.#around;
    const events = this.#batch;
    this.#batch = [];
    if (events.length === 0) return;
    const wait = this.#due - this.#starts - (performance.now() - this.#ticked);
    await pause(Math.max(0, wait), undefined, { signal });
    const { taken, refused } = await territory.ask<{
      taken: number;
      refused: readonly string[];
    }>('POST', '/api/v1/demo/replay', { events });
    this.#given += taken;
    for (const why of refused) this.leave(why);
    if (performance.now() - this.#said < sayEvery) return;
    this.#said = performance.now();
    say(`${this.#given} events, up to ${new Date(this.#due).toISOString()}`);
  }
}
