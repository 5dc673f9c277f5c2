import type { ServerResponse } from 'node:http';
import { mapError } from '../errors.ts';

export interface ViewerLimits {
  readonly maxViewers: number;
  /** Bytes that may wait to be sent to one. */
  readonly buffer: number;
  /** A comment is sent after this much silence, ms. */
  readonly heartbeat: number;
}

export const viewerLimits: ViewerLimits = { maxViewers: 500, buffer: 1 << 20, heartbeat: 15_000 };

/** Messages that are held for those who come back. */
const maxHeld = 500;

interface Viewer {
  readonly response: ServerResponse;
  readonly stillAllowed: () => boolean;
  /** It missed messages, because it did not read: it is told to fetch the map anew. */
  behind: boolean;
}

interface Message {
  readonly revision: number;
  readonly text: string;
}

/**
 * Everybody who follows the map (Server-Sent Events, HTML Living Standard 9.2). Each message is
 * made once for all. Whoever does not read gets no more, and is told to fetch the map when he reads
 * again: what is shown is what is now, so nothing is lost by it.
 */
export class Viewers {
  readonly counters = { sent: 0, behind: 0, refused: 0 };
  readonly #limits: ViewerLimits;
  readonly #viewers = new Set<Viewer>();
  /** The last messages, in the order of their revision. */
  #held: Message[] = [];
  #first: () => string = () => '';
  readonly #beat: NodeJS.Timeout;
  #closed = false;

  constructor(limits: ViewerLimits = viewerLimits) {
    this.#limits = limits;
    this.#beat = setInterval(() => this.#heartbeat(), limits.heartbeat);
    this.#beat.unref();
  }

  get count(): number {
    return this.#viewers.size;
  }

  /** What a viewer is told first: the revision of the map as it is. */
  greet(first: () => string): void {
    this.#first = first;
  }

  /** Throws TERR_MAP_BUSY. */
  admit(): void {
    if (!this.#closed && this.#viewers.size < this.#limits.maxViewers) return;
    this.counters.refused++;
    throw mapError(
      'BUSY',
      this.#closed
        ? 'the server is stopping; connect again'
        : `${this.#limits.maxViewers} pages follow the map; close one or try again later`,
      { retryAfter: 5 },
    );
  }

  /** Serves one viewer until it leaves. `after`: the revision that it has. */
  serve(
    response: ServerResponse,
    {
      headers,
      after,
      stillAllowed,
    }: {
      readonly headers: Readonly<Record<string, string>>;
      readonly after: number | undefined;
      readonly stillAllowed: () => boolean;
    },
  ): void {
    this.admit();
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // nginx would collect events otherwise.
      'x-accel-buffering': 'no',
    });
    const viewer = { response, stillAllowed, behind: false };
    this.#viewers.add(viewer);
    response.on('close', () => this.#viewers.delete(viewer));
    response.on('drain', () => this.#caughtUp(viewer));
    response.write('retry: 1000\n\n');
    const missed = after === undefined ? undefined : this.#since(after);
    if (missed === undefined) this.#write(viewer, frame('map', this.#first()));
    else for (const { text } of missed) this.#write(viewer, text);
  }

  /** Sends to all. Revisions go up. */
  send(event: 'health' | 'model', revision: number, data: string): void {
    const text = frame(event, data, revision);
    this.#held.push({ revision, text });
    if (this.#held.length > maxHeld) this.#held = this.#held.slice(-maxHeld / 2);
    for (const viewer of this.#viewers) this.#write(viewer, text);
  }

  /** Ends all; browsers connect again by themselves. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#beat);
    for (const { response } of this.#viewers) response.end();
  }

  /** What came after a revision; undefined when that is not held any more. */
  #since(revision: number): readonly Message[] | undefined {
    const [oldest] = this.#held;
    const newest = this.#held.at(-1);
    if (!oldest || !newest || revision < oldest.revision - 1 || revision > newest.revision)
      return undefined;
    return this.#held.filter((message) => message.revision > revision);
  }

  #write(viewer: Viewer, text: string): void {
    const { response } = viewer;
    if (viewer.behind || response.destroyed) return;
    if (response.writableLength > this.#limits.buffer) {
      viewer.behind = true;
      this.counters.behind++;
      return;
    }
    response.write(text);
    this.counters.sent++;
  }

  #caughtUp(viewer: Viewer): void {
    if (!viewer.behind) return;
    viewer.behind = false;
    this.#write(viewer, frame('map', this.#first()));
  }

  /** Also the moment at which those are sent away who may not read any more. */
  #heartbeat(): void {
    for (const viewer of this.#viewers) {
      if (!viewer.stillAllowed()) viewer.response.end();
      else if (!viewer.behind && !viewer.response.destroyed)
        viewer.response.write(': still here\n\n');
    }
  }
}

function frame(event: string, data: string, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;
}
