import { checkDraft } from '../../event/check.ts';
import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import { type Decoded, type Refused, refused } from '../decoded.ts';
import { Keys } from './keys.ts';
import type { MetricLine, Span } from './metric-line.ts';
import { Room } from './samples.ts';
import {
  type Described,
  type Gathered,
  gaugeAfter,
  reading,
  readings,
  Series,
  type SignedGauges,
} from './series.ts';
import { sortedTags, tagged } from './tags.ts';

export interface IntervalOptions {
  /** Names with tags that are known at once. */
  readonly maxKeys: number;
  readonly signedGauges: SignedGauges;
  /** Numbers of 8 bytes for all timers and sets of an interval. */
  readonly maxNumbers?: number;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly take: (decoded: Iterable<Decoded>) => void;
}

/** 64 MB. */
const defaultNumbers = 8 << 20;
/** Series in one slice of a flush; the next follows when the sockets had their turn. */
const slice = 50;
/** Silence after which a series is forgotten, ms. */
const silence = 300_000;
/** The same of gauges, whose value is what relative ones go on from. */
const gaugeSilence = { calm: 3_600_000, crowded: 600_000 };

/**
 * Gathers samples by series, and makes readings of them at the end of each interval, in slices so
 * that the sockets are not left alone for long.
 */
export class Interval {
  readonly #options: IntervalOptions;
  readonly #keys = new Keys<Series>();
  /** The same series by one text each, whatever the order of its tags. */
  readonly #series = new Map<string, Series>();
  readonly #room: Room;
  #touched: Series[] = [];
  /** What is still to become readings, the next one last. */
  #left: Gathered[] = [];
  #leftTime = 0;

  constructor(options: IntervalOptions) {
    this.#options = options;
    this.#room = new Room(options.maxNumbers ?? defaultNumbers);
  }

  /** Names with tags that are known. */
  get keys(): number {
    return this.#keys.size;
  }

  /** Takes the samples of a line, or says why not. */
  sample(bytes: Buffer, line: MetricLine): Refused | undefined {
    const series = this.#keys.find(bytes, line) ?? this.#meet(bytes, line);
    if (!(series instanceof Series)) return series;
    if (!series.touched) {
      series.touched = true;
      this.#touched.push(series);
    }
    const taken = series.add(bytes, line, this.#room, this.#options.signedGauges);
    return taken === line.count ? undefined : noRoom;
  }

  /** A value with a time of its own: a reading as it is (DogStatsD 1.3). */
  timed(bytes: Buffer, line: MetricLine): Decoded {
    const time = Math.round(line.time * 1000);
    const described = describe(bytes, line);
    const { name } = described;
    if (line.kind === 'g')
      return reading(described, {
        name,
        time,
        metric: gaugeAfter(line, 0, 'absolute'),
        kind: 'gauge',
      });
    let metric = 0;
    for (let i = 0; i < line.count; i++) metric += (line.values[i] ?? 0) / line.rate;
    return reading(described, { name, time, metric, kind: 'delta' });
  }

  /** Ends the interval. One whose predecessor is not through yet goes on. */
  flush(): void {
    if (this.#left.length > 0) return;
    const now = this.#options.now();
    for (const series of this.#touched) series.takenAt = now;
    this.#left = this.#touched.map((series) => series.take()).reverse();
    this.#leftTime = now;
    this.#touched = [];
    this.#room.used = 0;
    this.#forget(now);
    this.#next();
  }

  /** All that there is, at once: for the end. */
  finish(): void {
    this.#slice(this.#left.length);
    this.flush();
    this.#slice(this.#left.length);
  }

  #next(): void {
    this.#slice(slice);
    if (this.#left.length > 0) setTimeout(() => this.#next(), 1).unref();
  }

  #slice(most: number): void {
    const part = this.#left.splice(-Math.min(most, this.#left.length), most).reverse();
    if (part.length > 0) this.#options.take(allReadings(part, this.#leftTime));
  }

  /**
   * Forgets what has been silent for long. Where nine tenths of `maxKeys` are used, also whatever
   * came since they are: so those that were there before keep their places, and newcomers compete
   * for the others in each interval anew.
   */
  #forget(now: number): void {
    const crowded = this.#keys.size * 10 >= this.#options.maxKeys * 9;
    const gauges = crowded ? gaugeSilence.crowded : gaugeSilence.calm;
    const others = crowded ? 0 : silence;
    const kept = (series: Series): boolean =>
      (series.established || !crowded) &&
      now - series.takenAt <= (series.kind === 'g' ? gauges : others);
    this.#keys.keep(kept);
    for (const [text, series] of this.#series)
      if (kept(series)) series.established = true;
      else this.#series.delete(text);
  }

  #meet(bytes: Buffer, line: MetricLine): Series | Refused {
    const { maxKeys, now } = this.#options;
    if (this.#keys.size >= maxKeys) return tooMany(maxKeys, textOf(bytes, line.name));
    const described = describe(bytes, line);
    const text = [
      line.kind,
      described.name,
      sortedTags(textOf(bytes, line.tags)).join(','),
      textOf(bytes, line.container),
      textOf(bytes, line.external),
    ].join('\0');
    let series = this.#series.get(text);
    if (series === undefined) {
      const wrong = refusalOf(described, now());
      if (wrong) return wrong;
      series = new Series(line.kind, described);
      this.#series.set(text, series);
    }
    this.#keys.add(bytes, line, series);
    return series;
  }
}

function* allReadings(part: readonly Gathered[], time: number): Generator<Draft> {
  for (const one of part) yield* readings(one, time);
}

function describe(bytes: Buffer, { name, tags, container, external }: MetricLine): Described {
  const origin = {
    tags: textOf(bytes, tags),
    container: textOf(bytes, container),
    external: textOf(bytes, external),
  };
  return { name: textOf(bytes, name), ...tagged(origin) };
}

function textOf(bytes: Buffer, { start, end }: Span): string {
  return start === end ? '' : bytes.toString('utf8', start, end);
}

/** What is wrong with the readings of a new series, told to its sender now and not at each flush. */
function refusalOf(described: Described, now: number): Refused | undefined {
  const longest = reading(described, {
    name: `${described.name}.count`,
    time: now,
    metric: 0,
    kind: 'delta',
    unit: 'ms',
  });
  const checked = checkDraft(longest, defaultLimits, now);
  return 'refusal' in checked ? checked.refusal : undefined;
}

function tooMany(maxKeys: number, sample: string): Refused {
  const { refused: why } = refused(
    'TERR_INTAKE_KEYS',
    `There are ${maxKeys} names with tags in this interval (intakes.statsd.maxKeys): send fewer different tags, or allow more.`,
    { sample: sample.slice(0, 200) },
  );
  return why;
}

const noRoom: Refused = {
  code: 'TERR_INTAKE_KEYS',
  message:
    'The timers and sets of this interval have as many different values as there is memory for: send fewer different tags of these.',
};
