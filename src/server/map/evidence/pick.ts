import type { Batch } from '../../../event/batch.ts';
import { type PlacedEvent, decodeLine } from '../../../event/codec.ts';
import { linesWith } from '../../../event/lines-with.ts';
import { isRecord } from '../../../event/json.ts';
import { defined } from '../../../rooms/alerts/facts.ts';
import type { Signal } from '../../../rooms/map/health.ts';

/** More names than this are looked for by reading each line's name, and not one after the other. */
const maxNeedles = 24;
/** Characters of what a check says. */
const maxText = 300;

/**
 * Finds the readings that say how something is: checks, heartbeats, and the metrics that the map
 * has limits on. Almost all readings are others, so that a batch is searched as bytes, and only the
 * lines in which a word of interest stands are decoded.
 */
export class Picker {
  /** Lines that were decoded, of them those that could not be. */
  readonly counters = { decoded: 0, broken: 0 };
  #metrics: ReadonlySet<string> = new Set();
  #needles: readonly Buffer[] = needlesOf([]);

  /** Sets the names of the metrics of interest. */
  want(metrics: readonly string[]): void {
    this.#metrics = new Set(metrics);
    // A name that JSON writes with an escape can be written in several ways: then all is decoded.
    const plain = metrics.every((name) => JSON.stringify(name) === `"${name}"`);
    this.#needles = plain && metrics.length <= maxNeedles ? needlesOf(metrics) : anyLine;
  }

  /** The signals of a batch, in its order. */
  *signals(batch: Batch): Generator<Signal> {
    for (const { line, offset } of linesWith(batch, this.#needles)) {
      const signal = this.#signalOf(line, batch, offset);
      if (signal) yield signal;
    }
  }

  #signalOf(line: Uint8Array, { received, source, stream }: Batch, offset: number) {
    this.counters.decoded++;
    try {
      const event = decodeLine(line, { stream, offset, received, source });
      return signalOf(event, this.#metrics);
    } catch {
      // Told by those who read the log for history.
      this.counters.broken++;
      return undefined;
    }
  }
}

/** It stands in every line. */
const anyLine = [Buffer.from('{')];

function needlesOf(metrics: readonly string[]): Buffer[] {
  return ['check', 'heartbeat', ...metrics].map((word) => Buffer.from(`"${word}"`));
}

/** What a reading says of how something is; undefined for one that says nothing of it. */
export function signalOf(event: PlacedEvent, metrics: ReadonlySet<string>): Signal | undefined {
  const kind = kindOf(event, metrics);
  if (kind === undefined) return undefined;
  const { time, stream, offset, source, subject, service, host, environment } = event;
  const { name, state, metric, ttl, attributes, data } = event;
  const instance = attributes?.['service.instance.id'];
  const key = [kind, service, host, environment, name, subject, instance].join('\t');
  const text = textOf(data)?.slice(0, maxText);
  const about = defined({ subject, service, host, environment, name, attributes });
  return {
    kind,
    key,
    time,
    stream,
    offset,
    source,
    ...about,
    ...defined({ state, metric, ttl, text }),
  };
}

/** What a check says: plainly, or as Nagios' results are kept. */
function textOf(data: PlacedEvent['data']): string | undefined {
  const said = isRecord(data) ? data['output'] : data;
  return typeof said === 'string' && said !== '' ? said : undefined;
}

function kindOf(
  { type, name, metric }: PlacedEvent,
  metrics: ReadonlySet<string>,
): 'check' | 'heartbeat' | 'metric' | undefined {
  if (type === 'check' || type === 'heartbeat') return type;
  return metric !== undefined && name !== undefined && metrics.has(name) ? 'metric' : undefined;
}
