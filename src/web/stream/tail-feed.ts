import type { PlacedEvent } from '../../server/api/contract.ts';
import { type ApiError, request } from '../kit/api.ts';
import { notHeard } from '../kit/connection.ts';
import { follow } from './follow.ts';
import { keyOf } from './search.ts';
import type { Message } from './sse.ts';
import { readTail } from './tail-messages.ts';

/** Rows kept, and rows kept waiting while held: what comes beyond pushes out the oldest. */
export const rowsAtMost = 500;
const flushMs = 200;
const rateOverMs = 5_000;
/** The server repeats that we lag every five seconds; silence means we have caught up. */
const laggingForMs = 7_000;
/** More a second nobody can read; the server tells how many it left out. */
const sampleAtMost = 100;

/** What the page shows of the tail. */
export interface TailState {
  readonly status: 'connecting' | 'live' | 'reconnecting' | 'refused';
  readonly error: ApiError | undefined;
  /** Newest first. */
  readonly rows: readonly PlacedEvent[];
  /** The first row that came live; those below it were asked of history. */
  readonly firstLive: string | undefined;
  /** New events are kept back, by the pause button or because somebody reads further down. */
  readonly held: boolean;
  readonly waiting: number;
  /** Matching events per second over the last five, those left out included. */
  readonly perSecond: number;
  readonly skippedPerSecond: number;
  readonly skipped: number;
  /** How many events this page was behind when the server last said so; 0: it keeps up. */
  readonly lagging: number;
  readonly laggingAt: number;
  /** Events that left the log before this page could see them. */
  readonly trimmed: number;
}

const before: TailState = {
  status: 'connecting',
  error: undefined,
  rows: [],
  firstLive: undefined,
  held: false,
  waiting: 0,
  perSecond: 0,
  skippedPerSecond: 0,
  skipped: 0,
  lagging: 0,
  laggingAt: 0,
  trimmed: 0,
};

/** Follows the tail of one filter, resumes where it broke off, and keeps a bounded window of it. */
export class TailFeed {
  private readonly where: string;
  private readonly listeners = new Set<() => void>();
  private state = before;
  private buffer: PlacedEvent[] = [];
  private waiting: PlacedEvent[] = [];
  private came: { readonly at: number; readonly shown: number; readonly skipped: number }[] = [];
  private flushing: ReturnType<typeof setTimeout> | undefined;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private stopped = new AbortController();
  private readonly place = { lastId: '' };

  constructor(where: string) {
    this.where = where;
  }

  /** Begins to follow; undo with what it returns. */
  readonly start = (): (() => void) => {
    this.stopped = new AbortController();
    void this.follow(this.stopped.signal);
    this.ticking = setInterval(() => this.rate(), 1000);
    return () => {
      this.stopped.abort();
      clearInterval(this.ticking);
      clearTimeout(this.flushing);
      this.flushing = undefined;
    };
  };

  readonly get = (): TailState => this.state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Keeps new events back, or lets those that wait in. */
  readonly hold = (held: boolean): void => {
    if (held === this.state.held) return;
    if (held) this.become({ held });
    else {
      this.become({ held, waiting: 0, rows: merge(this.waiting, this.state.rows) });
      this.waiting = [];
    }
  };

  /** Puts events of the past under those that came live, again whenever more of it is known. */
  readonly backfill = (past: readonly PlacedEvent[]): void => {
    const { rows, firstLive } = this.state;
    const lives = rows.findIndex((event) => keyOf(event) === firstLive) + 1;
    const known = new Set([...rows, ...this.waiting, ...this.buffer].map(keyOf));
    const first = rows[lives - 1] ?? this.waiting.at(-1) ?? this.buffer[0];
    // What is newer than the first live event was left out by sampling, not missed.
    const missed = past.filter((e) => !known.has(keyOf(e)) && (!first || e.time <= first.time));
    const older = [...rows.slice(lives), ...missed].sort((a, b) => b.time - a.time);
    this.become({ rows: [...rows.slice(0, lives), ...older].slice(0, rowsAtMost) });
  };

  private follow(signal: AbortSignal): Promise<void> {
    const query = new URLSearchParams({ sample: String(sampleAtMost) });
    if (this.where) query.set('where', this.where);
    return follow(
      {
        open: (until, lastId) => {
          const headers = new Headers({ accept: 'text/event-stream' });
          if (lastId) headers.set('last-event-id', lastId);
          return request(`/api/v1/tail?${query.toString()}`, { headers, signal: until });
        },
        onOpen: () => this.become({ status: 'live', error: undefined }),
        onMessage: (message) => this.take(message),
        onLost: ({ refusal, broke }) => {
          if (broke) notHeard();
          this.become(refusal ? { status: 'refused', error: refusal } : { status: 'reconnecting' });
        },
      },
      signal,
      this.place,
    );
  }

  private take(message: Message): void {
    const { events, skipped, lagging, trimmed } = readTail(message);
    if (lagging > 0) this.become({ lagging, laggingAt: Date.now() });
    if (trimmed > 0) this.become({ trimmed: this.state.trimmed + trimmed });
    if (events.length === 0 && skipped === 0) return;
    this.came.push({ at: Date.now(), shown: events.length, skipped });
    for (const event of events) this.buffer.push(event);
    if (this.buffer.length > rowsAtMost) this.buffer.splice(0, this.buffer.length - rowsAtMost);
    if (skipped > 0) this.become({ skipped: this.state.skipped + skipped });
    this.flushing ??= setTimeout(() => this.flush(), flushMs);
  }

  private flush(): void {
    this.flushing = undefined;
    const fresh = this.buffer.reverse();
    this.buffer = [];
    const first = fresh.at(-1);
    if (!first) return;
    const firstLive = this.state.firstLive ?? keyOf(first);
    if (this.state.held) {
      this.waiting = merge(fresh, this.waiting);
      this.become({ firstLive, waiting: this.state.waiting + fresh.length });
    } else this.become({ firstLive, rows: merge(fresh, this.state.rows) });
    this.rate();
  }

  private rate(): void {
    const now = Date.now();
    if (this.state.lagging > 0 && now - this.state.laggingAt > laggingForMs)
      this.become({ lagging: 0 });
    this.came = this.came.filter((c) => now - c.at < rateOverMs);
    const shown = this.came.reduce((sum, c) => sum + c.shown, 0);
    const skipped = this.came.reduce((sum, c) => sum + c.skipped, 0);
    const perSecond = ((shown + skipped) * 1000) / rateOverMs;
    const skippedPerSecond = (skipped * 1000) / rateOverMs;
    if (perSecond !== this.state.perSecond || skippedPerSecond !== this.state.skippedPerSecond)
      this.become({ perSecond, skippedPerSecond });
  }

  private become(change: Partial<TailState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

const merge = (fresh: readonly PlacedEvent[], old: readonly PlacedEvent[]): PlacedEvent[] =>
  [...fresh, ...old].slice(0, rowsAtMost);
