import type { Point } from '../../src/rules/correlate/weighted-t.ts';
import { randomFrom } from '../load/random.ts';

/** A metric without any change of ours in it. */
export interface Metric {
  readonly name: string;
  readonly points: readonly Point[];
  /** Spans that are known to be unusual, ms; no placebo is put there. */
  readonly unusual: readonly (readonly [from: number, to: number])[];
}

const step = 300_000;
const perDay = 288;

interface Chance {
  readonly uniform: () => number;
  readonly normal: () => number;
  /** Student's t with 3 degrees of freedom, of variance 1: heavy tails. */
  readonly heavy: () => number;
  readonly poisson: (mean: number) => number;
}

function chanceFrom(seed: number): Chance {
  const uniform = randomFrom(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const heavy = (): number => {
    const squares = normal() ** 2 + normal() ** 2 + normal() ** 2;
    return normal() / Math.sqrt(squares / 3) / Math.sqrt(3);
  };
  const poisson = (mean: number): number => {
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let count = -1;
    for (let left = Math.exp(-mean), product = 1; product > left; count++) product *= uniform();
    return Math.max(count, 0);
  };
  return { uniform, normal, heavy, poisson };
}

/** What the next value is, from the last of the same series. */
type Process = (i: number) => number;
/** `strength` from 0 to 7 makes the members of one kind differ. */
type Kind = (chance: Chance, strength: number) => Process;

const daily = (i: number, shift = 0): number => Math.sin((2 * Math.PI * i) / perDay + shift);

/** First-order autoregression with unit variance. */
function remembering(memory: number, next: () => number): () => number {
  let last = 0;
  return () => (last = memory * last + Math.sqrt(1 - memory ** 2) * next());
}

/** What happens now and then and lasts a while: 0, or its height. */
function bursts(
  chance: Chance,
  perPoint: number,
  length: number,
  height: () => number,
): () => number {
  let left = 0;
  let now = 0;
  return () => {
    if (left > 0) left--;
    else if (chance.uniform() < perPoint) {
      left = Math.ceil(chance.uniform() * length);
      now = height();
    }
    return left > 0 ? now : 0;
  };
}

const memories = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

const kinds: Readonly<Record<string, Kind>> = {
  /** Requests: a daily wave, and noise that remembers. */
  seasonal: (chance, strength) => {
    const noise = remembering(memories[strength] ?? 0, chance.normal);
    return (i) => 1_000 + 300 * daily(i) + 60 * noise();
  },
  /** Latency: heavy tails on a logarithmic scale. */
  latency: (chance, strength) => {
    const noise = remembering(memories[strength] ?? 0, chance.heavy);
    return (i) => 80 * Math.exp(0.25 * noise() + 0.1 * daily(i, 1));
  },
  /** Memory, queues: a level that drifts, and now and then jumps by itself. */
  drift: (chance, strength) => {
    const noise = remembering(0.6, chance.normal);
    let level = 500;
    return () => {
      level += (0.5 + strength / 4) * chance.normal();
      if (chance.uniform() < 0.001) level += 60 * chance.normal();
      level += (500 - level) * 0.002;
      return Math.max(0, level + 10 * noise());
    };
  },
  /** Disk writes, batch jobs: quiet, with bursts. */
  bursts: (chance, strength) => {
    const noise = remembering(0.4, chance.normal);
    const burst = bursts(
      chance,
      0.004 + strength / 500,
      4 + 3 * strength,
      () => 20 + 60 * chance.uniform(),
    );
    return () => Math.max(0, 30 + 3 * noise() + burst());
  },
  /** An idle machine: nearly constant, rounded, with rare steps. */
  constant: (chance, strength) => {
    const grain = 0.01 * 2 ** strength;
    const burst = bursts(chance, 0.002, 30, () => 4 * grain);
    return () => Math.round((2 + 0.3 * grain * chance.normal() + burst()) / grain) * grain;
  },
  /** Orders, sign-ups: counts with a daily wave, from a few an hour to many. */
  counts: (chance, strength) => {
    const noise = remembering(0.9, chance.normal);
    const mean = 0.5 * 3 ** strength;
    return (i) => chance.poisson(mean * Math.exp(0.5 * daily(i, 2) + 0.1 * noise()));
  },
  /** Error rates: few of many, of which there are fewer at night. */
  rates: (chance, strength) => {
    const noise = remembering(0.8, chance.normal);
    return (i) => {
      const requests = 20 * 2 ** strength * (1.5 + daily(i));
      return chance.poisson(requests * 0.02 * Math.exp(0.3 * noise())) / requests;
    };
  },
};

/** Seven kinds of metrics, eight of each: one reading every five minutes, the same in every run. */
export function generated(length: number): Metric[] {
  return Object.entries(kinds).flatMap(([name, kind], k) =>
    Array.from({ length: 8 }, (_, strength) => {
      const process = kind(chanceFrom(1_000 * (k + 1) + strength), strength);
      const points = Array.from({ length }, (__, i): Point => [
        Date.UTC(2026, 0, 1) + i * step,
        process(i),
      ]);
      return { name: `${name} ${strength + 1}`, points, unusual: [] };
    }),
  );
}
