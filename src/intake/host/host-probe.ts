import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { encodeDrafts } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import { Counting } from '../counting.ts';
import type { IntakeCounters } from '../intake.ts';
import { type Reading, readingsOf } from './readings.ts';
import { readSample, type Sample } from './sample.ts';

const source = '/host-probe';

export interface HostProbeOptions {
  readonly append: Log['append'];
  /** Between two looks, ms. */
  readonly intervalMs: number;
  /** Ends the probe. */
  readonly signal: AbortSignal;
  /** Ms since the epoch, UTC. */
  readonly now: () => number;
  /** Told when readings could not be stored; the next look comes all the same. */
  readonly onError?: (error: unknown) => void;
  /** Name of this machine. */
  readonly host?: string;
  readonly read?: () => Promise<Sample>;
}

export interface HostProbe {
  readonly counters: () => IntakeCounters;
  /** Resolves when the probe has ended. */
  readonly done: Promise<void>;
}

/**
 * Sends readings about this machine and a heartbeat, at once and then at every interval:
 * `docs/protocols/host-probe.md`.
 */
export function startHostProbe(options: HostProbeOptions): HostProbe {
  const counting = new Counting();
  return { counters: () => counting.read('host-probe'), done: probe(options, counting) };
}

async function probe(options: HostProbeOptions, counting: Counting): Promise<void> {
  const { signal, intervalMs, read = () => readSample() } = options;
  let before: Sample | undefined;
  while (!signal.aborted) {
    const sample = await read();
    await send(draftsOf(readingsOf(sample, before), options), options, counting);
    before = sample;
    try {
      await wait(intervalMs, undefined, { signal });
    } catch {
      return; // aborted
    }
  }
}

/** The readings as events of one instant, stale after three intervals, behind a heartbeat. */
function draftsOf(readings: readonly Reading[], options: HostProbeOptions): Draft[] {
  const { now, intervalMs, host = hostname() } = options;
  const same = { time: now(), source, host, ttl: (3 * intervalMs) / 1000 };
  const heartbeat: Draft = { ...same, type: 'heartbeat', state: 'ok' };
  return [
    heartbeat,
    ...readings.map((reading): Draft => ({ ...same, type: 'metric', ...reading })),
  ];
}

async function send(
  drafts: readonly Draft[],
  { append, onError }: HostProbeOptions,
  counting: Counting,
): Promise<void> {
  const { readings } = encodeDrafts(drafts, source);
  if (readings === undefined) return;
  try {
    await append('readings', readings);
    counting.take(drafts.length, 0);
  } catch (error) {
    counting.refuse('TERR_INTAKE_FAILED', drafts.length);
    onError?.(error);
  }
}
