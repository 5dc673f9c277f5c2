import type { LiveHealth, MapAnswer, MapHealth } from '../../../server/api/contract-map.ts';
import { type ApiError, request } from '../../kit/api.ts';
import { notHeard } from '../../kit/connection.ts';
import { follow, isRefusal } from '../../stream/follow.ts';
import type { Message } from '../../stream/sse.ts';
import {
  answerOf,
  differing,
  type MapModel,
  type Moment,
  momentOf,
  unknownHealth,
} from './moment.ts';
import { Listeners } from './listeners.ts';
import { requestAs } from './request-as.ts';
import { watchSight } from './sight.ts';

/** How the map on the page stands to what is. Times are ms since the epoch. */
export type MapState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'live' }
  /** `silent`: no event came since then; `lost`: the server is not heard since then. */
  | { readonly kind: 'stale'; readonly since: number; readonly why: 'silent' | 'lost' }
  | { readonly kind: 'error'; readonly error: unknown }
  /** As it was. Not `recorded`: nothing is known of that time. */
  | { readonly kind: 'past'; readonly at: number; readonly recorded: boolean };

/** Not heard for so long is told of; shorter is the network's everyday. */
const lostAfterMs = 5_000;
/** The server's own readings alone come more often than that. */
const silentAfterMs = 60_000;
/** What does not come live (service levels, when a node was heard of, problems) is asked for anew. */
const refreshEveryMs = 20_000;
const retryLoadMs = 1_500;
/** Whoever leaves a page of the map for another does not connect anew. */
const lingerMs = 5_000;
/** Where no frame is drawn, what came is taken after so long all the same. */
const hiddenFlushMs = 500;
/** Maps of the past that are kept. */
const keptAtMost = 12;

/**
 * The live map: what is declared, and the health of each node by itself, so that one node is drawn
 * anew when one node changes. It follows the server for as long as somebody listens.
 */
export class MapFeed {
  readonly listeners = new Listeners({ first: () => this.#start(), last: () => this.#stopSoon() });
  readonly #token: string | undefined;
  #live: Moment | undefined;
  #past: Moment | undefined;
  #wanted: number | undefined;
  #revision = 0;
  #freshest: number | null = null;
  /** How far this browser's clock is before the server's, ms. */
  #skew = 0;
  #heardAt = 0;
  #isConnected = false;
  #state: MapState = { kind: 'loading' };
  #error: unknown;
  #pending: LiveHealth[] = [];
  #flushing: ReturnType<typeof setTimeout> | undefined;
  #loading: Promise<void> | undefined;
  #stopped: AbortController | undefined;
  #unwatch: (() => void) | undefined;
  #stopping: ReturnType<typeof setTimeout> | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #loadedAt = 0;
  readonly #kept = new Map<number, Promise<MapAnswer>>();
  #now: MapAnswer | undefined;

  /** By the session of the browser, or by a token. */
  constructor(token?: string) {
    this.#token = token;
  }

  /** Of who asks: questions with another token are other questions. */
  get identity(): string {
    return this.#token ?? '';
  }

  readonly model = (): MapModel | undefined => this.#shown?.model;
  readonly state = (): MapState => this.#state;
  readonly health = (id: string): MapHealth => this.#shown?.health.get(id) ?? unknownHealth;

  /** When the newest event that is known came, ms in this browser's clock. */
  readonly freshest = (): number | undefined => {
    const at = this.#past ? this.#past.answer.freshest : this.#freshest;
    return at === null ? undefined : at + this.#skew;
  };

  /** The whole map as it is shown; made anew after a change, when somebody asks. */
  readonly now = (): MapAnswer | undefined => {
    const shown = this.#shown;
    if (!shown) return undefined;
    return (this.#now ??= answerOf(shown, this.#past ? shown.answer.freshest : this.#freshest));
  };

  /** Asks the server as this feed does. Throws ApiError. */
  readonly get = async <T>(path: string, signal?: AbortSignal): Promise<T> => {
    const response = await this.#request(path, signal ? { signal } : {});
    return (await response.json()) as T; // the server's own schema made it
  };

  /** Shows the map as it was, ms since the epoch, or follows it again. Throws ApiError. */
  readonly showAt = async (time: number | undefined): Promise<void> => {
    this.#wanted = time;
    if (time === undefined) return this.#show(undefined);
    const answer = await this.#answerAt(time);
    // Of several questions under way only the last one counts.
    if (this.#wanted === time) this.#show(momentOf(answer, this.#shown));
  };

  /** The map of these times will be wanted soon. */
  readonly ahead = (times: readonly number[]): void => {
    // What fails now is asked for again, and told of, when it is wanted.
    for (const time of times) this.#answerAt(time).catch(() => {});
  };

  /** Asks for the whole map, once at a time. Never throws: the state tells. */
  readonly load = (): Promise<void> =>
    (this.#loading ??= this.#load().finally(() => (this.#loading = undefined)));

  get #shown(): Moment | undefined {
    return this.#past ?? this.#live;
  }

  #request(path: string, init: RequestInit): Promise<Response> {
    return this.#token === undefined ? request(path, init) : requestAs(this.#token, path, init);
  }

  /** The past does not change: what was asked for lately is kept. */
  #answerAt(time: number): Promise<MapAnswer> {
    const key = Math.round(time);
    const known = this.#kept.get(key);
    if (known) return known;
    const asked = this.get<MapAnswer>(`/api/v1/map?at=${key}`);
    this.#kept.set(key, asked);
    asked.catch(() => this.#kept.delete(key));
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > keptAtMost && !oldest.done) this.#kept.delete(oldest.value);
    return asked;
  }

  async #load(): Promise<void> {
    try {
      const answer = await this.get<MapAnswer>('/api/v1/map');
      this.#error = undefined;
      this.#heard(answer.time);
      this.#loadedAt = Date.now();
      this.#revision = answer.revision;
      this.#freshest = answer.freshest;
      this.#take(momentOf(answer, this.#live));
    } catch (error) {
      this.#error = error;
      this.#flush();
      this.#judge();
    }
  }

  #take(next: Moment): void {
    const before = this.#shown;
    this.#live = next;
    if (!this.#past) this.#tell(before, next);
    this.#judge();
    // What came live while the question was under way is newer than the answer.
    this.#flush();
  }

  #show(next: Moment | undefined): void {
    const before = this.#shown;
    this.#past = next;
    const shown = this.#shown;
    if (shown && before !== shown) this.#tell(before, shown);
    this.#judge();
  }

  #tell(before: Moment | undefined, after: Moment): void {
    this.#now = undefined;
    if (before?.model !== after.model) this.listeners.tell('model');
    this.listeners.tellHealth(differing(before?.health ?? new Map(), after.health));
    this.listeners.tell('freshest');
  }

  #start(): void {
    clearTimeout(this.#stopping);
    if (this.#unwatch) return;
    this.#unwatch = watchSight({
      onUnseen: () => this.#disconnect(),
      onSeen: () => this.#connect(),
    });
    // What was refused before somebody signed in says nothing any more.
    if (!this.#live) this.#error = undefined;
    this.#judge();
    this.#ticking = setInterval(() => this.#tick(), 1000);
    this.#connect();
  }

  #stopSoon(): void {
    clearTimeout(this.#stopping);
    this.#stopping = setTimeout(() => {
      this.#unwatch?.();
      this.#unwatch = undefined;
      this.#disconnect();
      clearInterval(this.#ticking);
    }, lingerMs);
  }

  #connect(): void {
    if (this.#stopped) return;
    const stopped = new AbortController();
    this.#stopped = stopped;
    // Whoever comes back to the page has not lost the server, he was not listening.
    this.#heardAt = Date.now();
    void this.#run(stopped.signal);
  }

  #disconnect(): void {
    this.#stopped?.abort();
    this.#stopped = undefined;
    this.#isConnected = false;
  }

  async #run(signal: AbortSignal): Promise<void> {
    // oxlint-disable no-await-in-loop -- one attempt after the other
    // What was loaded before is caught up with by the stream.
    for (let tries = 0; !this.#live && !signal.aborted; tries++) {
      if (tries > 0) await new Promise((resolve) => setTimeout(resolve, retryLoadMs));
      await this.load();
      if (isRefusal(this.#error)) return;
    }
    // oxlint-enable no-await-in-loop
    await follow(
      {
        open: (until) =>
          this.#request('/api/v1/map/live', {
            headers: { accept: 'text/event-stream', 'last-event-id': String(this.#revision) },
            signal: until,
          }),
        onMessage: (message) => this.#receive(message),
        onHeard: () => {
          this.#heardAt = Date.now();
          this.#isConnected = true;
        },
        onLost: ({ refusal }) => this.#lost(refusal),
      },
      signal,
    );
  }

  #lost(refusal: ApiError | undefined): void {
    this.#isConnected = false;
    if (refusal) this.#error = refusal;
    else if (this.#token === undefined) notHeard();
    this.#judge();
  }

  #receive({ event, data }: Message): void {
    if (event === 'health') {
      this.#pending.push(JSON.parse(data) as LiveHealth); // the server's own schema made it
      this.#flushSoon();
    } else if (event === 'model') void this.#reload();
    else if (event === 'map') {
      const { revision } = JSON.parse(data) as { revision: number };
      if (revision !== this.#revision) void this.#reload();
    }
  }

  /** An answer that is under way may be older than the news that asks for another. */
  async #reload(): Promise<void> {
    await this.#loading;
    await this.load();
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    const flush = (): void => {
      cancelAnimationFrame(frame);
      clearTimeout(this.#flushing);
      this.#flushing = undefined;
      if (!this.#loading) this.#flush();
    };
    // A tab that is not seen gets no frames.
    const frame = requestAnimationFrame(flush);
    this.#flushing = setTimeout(flush, hiddenFlushMs);
  }

  /** All that came since the last frame at once. */
  #flush(): void {
    const fresh = this.#pending.filter(({ revision }) => revision > this.#revision);
    this.#pending = [];
    const last = fresh.at(-1);
    if (!last || !this.#live) return;
    const isWhole = fresh[0]?.revision === this.#revision + 1;
    const changed = new Set<string>();
    for (const { changes } of fresh)
      for (const { id, health } of changes) {
        this.#live.health.set(id, health);
        changed.add(id);
      }
    this.#revision = last.revision;
    this.#freshest = last.freshest;
    this.#heard(last.time);
    if (!this.#past) {
      this.#now = undefined;
      this.listeners.tellHealth([...changed]);
      this.listeners.tell('freshest');
    }
    this.#judge();
    // Something between was missed.
    if (!isWhole) void this.#reload();
  }

  #heard(serverTime: number): void {
    this.#heardAt = Date.now();
    const skew = this.#heardAt - serverTime;
    // The way here takes time too; a small difference is no other clock.
    this.#skew = Math.abs(skew) < 2_000 ? 0 : skew;
  }

  #tick(): void {
    this.#judge();
    if (document.hidden || !this.#isConnected) return;
    if (Date.now() - this.#loadedAt > refreshEveryMs) void this.load();
  }

  #judge(): void {
    const next = this.#judged();
    if (JSON.stringify(next) === JSON.stringify(this.#state) && next.kind !== 'error') return;
    this.#state = next;
    this.listeners.tell('state');
  }

  #judged(): MapState {
    if (this.#past)
      return { kind: 'past', at: this.#past.answer.time, recorded: this.#past.answer.recorded };
    if (isRefusal(this.#error) || (this.#error !== undefined && !this.#live))
      return { kind: 'error', error: this.#error };
    if (!this.#live) return { kind: 'loading' };
    const now = Date.now();
    if (!this.#isConnected && now - this.#heardAt > lostAfterMs)
      return { kind: 'stale', since: this.#heardAt, why: 'lost' };
    const freshest = this.freshest();
    if (freshest !== undefined && now - freshest > silentAfterMs)
      return { kind: 'stale', since: freshest, why: 'silent' };
    return { kind: 'live' };
  }
}
