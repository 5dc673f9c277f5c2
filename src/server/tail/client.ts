import type { ServerResponse } from 'node:http';
import type { Batch } from '../../event/batch.ts';
import type { StreamName } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import type { Filter } from './filter.ts';
import type { Hub } from './hub.ts';
import { type Position, showPosition } from './position.ts';
import { Sample, spread } from './sample.ts';
import { type Slice, slicesOf } from './slice.ts';
import type { Gate, Turns } from './turns.ts';

export interface ClientLimits {
  /** Bytes that may wait to be sent. */
  readonly clientBuffer: number;
  /** ms */
  readonly stalledAfter: number;
  readonly heartbeat: number;
}

/** What all clients have in common. */
export interface ClientWorld {
  readonly log: Log;
  readonly hubs: Readonly<Record<StreamName, Hub>>;
  readonly turns: Turns;
  /** Reading from the log for those behind is bounded, for it is decoded for each alone. */
  readonly catchUp: Gate;
  readonly limits: ClientLimits;
  readonly counters: TailCounters;
}

/** Counted since the start. */
export interface TailCounters {
  sent: number;
  skipped: number;
  /** Clients cut because they read nothing. */
  stalled: number;
  /** How often a client fell behind what is held in memory. */
  fellBehind: number;
}

export interface ClientRequest {
  readonly streams: readonly StreamName[];
  readonly filter: Filter;
  /** At most so many events a second; undefined: all. */
  readonly sample: number | undefined;
  /** The last event seen of each stream. */
  readonly after: Readonly<Position>;
  /** Asked at every heartbeat; when false the tail ends. */
  readonly stillAllowed: () => boolean;
}

const noticeEveryMs = 5_000;
const countEveryMs = 1_000;

/** One open tail. It pulls at its own pace: from the hub when it is near the end, else the log. */
export class TailClient {
  readonly #world: ClientWorld;
  readonly #request: ClientRequest;
  readonly #response: ServerResponse;
  readonly #position: Position;
  readonly #sample: Sample | undefined;
  readonly #ended = new AbortController();
  readonly #lastNotice: Record<StreamName, number> = { facts: -Infinity, readings: -Infinity };
  #lastWrite = performance.now();

  constructor(world: ClientWorld, request: ClientRequest, response: ServerResponse) {
    this.#world = world;
    this.#request = request;
    this.#response = response;
    this.#position = { ...request.after };
    this.#sample =
      request.sample === undefined ? undefined : new Sample(request.sample, performance.now());
  }

  /** Runs until the client leaves, is cut, or `end` is called. */
  async run(): Promise<void> {
    const { heartbeat } = this.#world.limits;
    this.#response.on('close', () => this.#ended.abort());
    this.#write(`retry: 2000\nid: ${showPosition(this.#position)}\n\n`);
    const beat = setInterval(() => this.#beat(), Math.max(50, heartbeat / 3));
    const count = this.#sample && setInterval(() => this.#tellSkipped(), countEveryMs);
    try {
      await Promise.all(this.#request.streams.map((stream) => this.#follow(stream)));
    } finally {
      clearInterval(beat);
      clearInterval(count);
      this.#response.end();
    }
  }

  end(): void {
    this.#ended.abort();
  }

  async #follow(stream: StreamName): Promise<void> {
    const { signal } = this.#ended;
    const hub = this.#world.hubs[stream];
    const leave = hub.join();
    try {
      this.#tellTrimmed(stream);
      if (this.#position[stream] + 1 < hub.next) await this.#readLog(stream);
      while (!signal.aborted) {
        const slices = await hub.from(this.#position[stream] + 1, signal);
        if (slices === undefined) {
          this.#tellLagging(stream);
          await this.#readLog(stream);
        } else await this.#sendAll(slices);
      }
    } finally {
      leave();
    }
  }

  /** Reads from the log until its head. */
  async #readLog(stream: StreamName): Promise<void> {
    const { signal } = this.#ended;
    const leave = await this.#world.catchUp.enter();
    try {
      const from = this.#position[stream] + 1;
      for await (const batch of this.#world.log.read(stream, from, { signal }))
        await this.#sendBatch(batch);
    } finally {
      leave();
    }
  }

  async #sendBatch(batch: Batch): Promise<void> {
    for (const slice of slicesOf(batch)) {
      if (this.#ended.signal.aborted) return;
      await this.#sendAll([slice]);
    }
  }

  async #sendAll(slices: readonly Slice[]): Promise<void> {
    await this.#world.turns.take();
    for (const slice of slices) this.#send(slice);
    const { clientBuffer } = this.#world.limits;
    if (this.#response.writableLength > clientBuffer) await this.#drained();
  }

  #send(slice: Slice): void {
    if (this.#ended.signal.aborted) return;
    const seen = this.#position[slice.stream];
    const skip = Math.max(0, seen + 1 - slice.first);
    const matching = slice.matching(this.#request.filter);
    const passing = this.#pick(slice, matching, skip);
    let frames = '';
    for (const index of passing) {
      this.#position[slice.stream] = slice.first + index;
      frames += `id: ${showPosition(this.#position)}\ndata: ${slice.text(index)}\n\n`;
    }
    this.#position[slice.stream] = Math.max(seen, slice.next - 1);
    this.#world.counters.sent += passing.length;
    if (frames !== '') this.#write(frames);
  }

  /** The indices to send: what matches, is new, and fits the sample. */
  #pick(slice: Slice, matching: readonly number[] | undefined, skip: number): readonly number[] {
    const fresh = skip === 0 ? matching : matching?.filter((index) => index >= skip);
    const count = fresh?.length ?? slice.count - skip;
    const wanted = this.#sample?.allow(count, performance.now()) ?? count;
    this.#world.counters.skipped += count - wanted;
    if (wanted === count && fresh !== undefined) return fresh;
    return spread(count, wanted).map((i) => fresh?.[i] ?? i + skip);
  }

  #write(text: string): void {
    this.#lastWrite = performance.now();
    if (!this.#response.destroyed) this.#response.write(text);
  }

  /** Waits until the client has read what was sent; one that reads nothing for too long is cut. */
  #drained(): Promise<void> {
    const { stalledAfter } = this.#world.limits;
    const { signal } = this.#ended;
    return new Promise((resolve) => {
      let left = this.#response.writableLength;
      const timer = setInterval(() => {
        if (this.#response.writableLength >= left) this.#cut();
        left = this.#response.writableLength;
      }, stalledAfter);
      const done = (): void => {
        clearInterval(timer);
        this.#response.off('drain', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#response.once('drain', done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }

  #cut(): void {
    this.#world.counters.stalled++;
    this.#ended.abort();
    this.#response.destroy();
  }

  #beat(): void {
    if (!this.#request.stillAllowed()) this.end();
    else if (performance.now() - this.#lastWrite >= this.#world.limits.heartbeat * 0.9)
      // An id without data moves the browser's Last-Event-ID and dispatches nothing (WHATWG HTML 9.2.6).
      this.#write(`: still here\nid: ${showPosition(this.#position)}\n\n`);
  }

  #tellSkipped(): void {
    const skipped = this.#sample?.takeSkipped() ?? 0;
    if (skipped > 0) this.#notice('skipped', { skipped });
  }

  #tellLagging(stream: StreamName): void {
    this.#world.counters.fellBehind++;
    if (performance.now() - this.#lastNotice[stream] < noticeEveryMs) return;
    this.#lastNotice[stream] = performance.now();
    const events = this.#world.log.stat(stream).next - 1 - this.#position[stream];
    this.#notice('lagging', { stream, events });
  }

  #tellTrimmed(stream: StreamName): void {
    const { first } = this.#world.log.stat(stream);
    const from = this.#position[stream] + 1;
    if (from < first) this.#notice('trimmed', { stream, from, to: first });
  }

  #notice(event: string, data: unknown): void {
    this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
