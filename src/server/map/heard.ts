import { readFile, rename, writeFile } from 'node:fs/promises';
import type { PlacedEvent } from '../../event/codec.ts';
import { isRecord } from '../../event/json.ts';
import type { Log } from '../../log/log.ts';
import type { MapRecording } from '../../rooms/map/recording.ts';
import { SeenFacts } from '../../rooms/map/seen-facts.ts';
import type { Seen } from '../../rooms/map/seen.ts';
import type { Latest } from '../api/contract.ts';
import { ownSource } from '../introspection/own-readings.ts';
import { signalOf } from './evidence/pick.ts';
import { MapFactsFollower } from './facts-follower.ts';
import type { LiveMap } from './live/live-map.ts';

/** What was seen is written down so often, ms: after a kill what came since is read again. */
const keepEveryMs = 60_000;

interface HeardOptions {
  readonly log: Log;
  /** File in which is kept who was seen in the facts. */
  readonly path: string;
  readonly recording: MapRecording;
  /** Told when a fact from outside was taken, ms since the epoch. */
  readonly onFresh: (received: number) => void;
  readonly onProblem: (error: unknown) => void;
}

/** Reads the facts: those of the map's own into the recording, and of the others who was seen. */
export class Heard {
  #seen = new SeenFacts();
  readonly #options: HeardOptions;
  #follower: MapFactsFollower | undefined;
  #timer: NodeJS.Timeout | undefined;
  #kept = 0;

  constructor(options: HeardOptions) {
    this.#options = options;
  }

  /** Who was seen in the facts. */
  get seen(): SeenFacts {
    return this.#seen;
  }

  /** Resolves when the facts that the log held are read. */
  async start(): Promise<void> {
    const { log, path, recording, onProblem } = this.#options;
    const kept = await readKept(path);
    const from = kept && kept.next <= log.stat('facts').next ? kept.next : 1;
    if (kept && from > 1) this.#seen = SeenFacts.from(kept.seen);
    this.#kept = from;
    this.#follower = new MapFactsFollower({
      log,
      from,
      onOwn: (event) => recording.add(event),
      onOther: (event) => this.#hear(event, from),
      onProblem,
    });
    await this.#follower.start();
    this.#timer = setInterval(() => void this.#keep(), keepEveryMs).unref();
  }

  /** Takes what the view still knows of checks and heartbeats. */
  seed(entries: Latest['entries'], live: LiveMap): void {
    const none = new Set<string>();
    // The contract's type differs from ours only in being open.
    live.take(
      entries.flatMap(({ event }) => signalOf(event as unknown as PlacedEvent, none) ?? []),
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#follower?.close();
    await this.#keep();
  }

  #hear(event: PlacedEvent, from: number): void {
    if (event.offset < from) return;
    this.#seen.add(event);
    if (event.source !== ownSource) this.#options.onFresh(event.received);
  }

  async #keep(): Promise<void> {
    const next = this.#follower?.next ?? 0;
    if (next <= this.#kept) return;
    const { path, onProblem } = this.#options;
    try {
      await writeFile(`${path}.new`, JSON.stringify({ next, seen: this.#seen.list() }), {
        mode: 0o600,
      });
      await rename(`${path}.new`, path);
      this.#kept = next;
    } catch (error) {
      onProblem(error);
    }
  }
}

/** What was written; undefined when it is not there or can't be used: the log has it all. */
async function readKept(
  path: string,
): Promise<{ readonly next: number; readonly seen: readonly Seen[] } | undefined> {
  try {
    const kept: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!isRecord(kept)) return undefined;
    const { next, seen } = kept;
    if (typeof next !== 'number' || !Array.isArray(seen)) return undefined;
    return { next, seen: seen.filter(isRecord) as unknown as Seen[] }; // written from the same type
  } catch {
    return undefined;
  }
}
