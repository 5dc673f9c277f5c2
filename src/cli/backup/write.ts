import { createHash } from 'node:crypto';
import type { Batch } from '../../event/batch.ts';
import { type StreamName, streamNames } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import { type BatchHeader, type Header, type Trailer, exportFormat } from './format.ts';

export interface ExportOptions {
  readonly streams: readonly StreamName[];
  /** Bounds on `received`, ms: from <= received < to. */
  readonly from?: number;
  readonly to?: number;
  /** Version of Territory, for the header. */
  readonly version: string;
  /** ms since the epoch. */
  readonly now: number;
  readonly onEvents?: (count: number) => void;
}

/**
 * The bytes of an export. What is appended while it runs is left out: each stream ends at the
 * offset that was its end when the export began.
 */
export async function* writeExport(log: Log, options: ExportOptions): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const hashed = (bytes: Buffer): Buffer => {
    hash.update(bytes);
    return bytes;
  };
  const { from, to, version, now } = options;
  const header: Header = {
    territory: 'export',
    format: exportFormat,
    version,
    created: new Date(now).toISOString(),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  const ends = streamNames.map((stream) => [stream, endOf(log, stream, to)] as const);
  yield hashed(line(header));
  const events = { facts: 0, readings: 0 };
  for (const [stream, end] of ends) {
    if (!options.streams.includes(stream)) continue;
    const first = from === undefined ? 1 : log.offsetAt(stream, from);
    if (first >= end) continue;
    for await (const batch of log.read(stream, first)) {
      if (batch.first >= end) break;
      yield hashed(encodeBatch(batch));
      events[stream] += batch.count;
      options.onEvents?.(batch.count);
    }
  }
  const trailer: Trailer = { end: true, events, sha256: hash.digest('hex') };
  yield line(trailer);
}

/** The offset before which a stream ends: where it ended at the start, or what was received later. */
function endOf(log: Log, stream: StreamName, to: number | undefined): number {
  const { next } = log.stat(stream);
  return to === undefined ? next : Math.min(next, log.offsetAt(stream, to));
}

const line = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);

function encodeBatch(batch: Batch): Buffer {
  const { stream, first, count, received, source, bytes } = batch;
  const header: BatchHeader = { stream, first, count, received, source, bytes: bytes.byteLength };
  return Buffer.concat([line(header), bytes]);
}
