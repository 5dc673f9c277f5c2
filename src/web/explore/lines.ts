import type { SeriesAnswer } from '../../server/api/contract.ts';

/** One line of the chart and one row of the table under it. */
export interface Line {
  /** Unique in this answer, and the same in the next one. */
  readonly key: string;
  readonly name: string;
  /** One for each time of the chart; null: no data. */
  readonly values: readonly (number | null)[];
  /** Which colour, from 0. */
  readonly colour: number;
  /** Of the time compared with: drawn dashed. */
  readonly compared: boolean;
  readonly last: number | null;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
  /** The aggregate over the whole range, as the server computed it. */
  readonly total: number | null;
}

export interface Drawing {
  /** Starts of the buckets, ms, ascending, without holes. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
}

type SeriesOf = SeriesAnswer['series'][number];
/** More buckets than that are not filled up, so that an odd answer can't fill the memory. */
const bucketsAtMost = 20_000;

/** What to draw for an answer. `alone` is the name of a series without labels. */
export function drawingOf(answer: SeriesAnswer, alone: string): Drawing {
  const compared = answer.compare?.series ?? [];
  const times = timesOf(answer, [...answer.series, ...compared]);
  const colours = new Map(answer.series.map((series, i) => [keyOf(series), i]));
  const lines = answer.series.map((series, i) => lineOf(series, times, { alone, colour: i }));
  const period = answer.compare
    ? `, ${Math.round((answer.from - answer.compare.from) / 86_400_000)} d before`
    : '';
  const before = compared
    .filter((series) => colours.has(keyOf(series)))
    .map((series) => {
      const colour = colours.get(keyOf(series)) ?? 0;
      const line = lineOf(series, times, { alone, colour });
      return { ...line, key: `${line.key} before`, name: line.name + period, compared: true };
    });
  return { times, lines: [...lines, ...before] };
}

const keyOf = (series: SeriesOf): string => JSON.stringify(Object.values(series.labels));

function lineOf(
  series: SeriesOf,
  times: readonly number[],
  as: { readonly alone: string; readonly colour: number },
): Line {
  const at = new Map(series.points);
  const values = times.map((time) => at.get(time) ?? null);
  const known = values.filter((value) => value !== null);
  return {
    key: keyOf(series),
    name: nameOf(series.labels, as.alone),
    values,
    colour: as.colour,
    compared: false,
    last: known.at(-1) ?? null,
    min: known.length > 0 ? known.reduce((a, b) => Math.min(a, b)) : null,
    mean: known.length > 0 ? known.reduce((a, b) => a + b) / known.length : null,
    max: known.length > 0 ? known.reduce((a, b) => Math.max(a, b)) : null,
    total: series.total,
  };
}

function nameOf(labels: Readonly<Record<string, string>>, alone: string): string {
  const values = Object.entries(labels).map(([name, value]) => value || `no ${name}`);
  return values.length === 0 ? alone : values.join(' · ');
}

/** Every bucket of the range, also those that no series has: a gap must be seen as a gap. */
function timesOf(answer: SeriesAnswer, series: readonly SeriesOf[]): number[] {
  const seen = new Set(series.flatMap((s) => s.points.map(([time]) => time)));
  if (seen.size === 0) return [];
  const { every } = answer;
  if (every !== null && (answer.to - answer.from) / every < bucketsAtMost) {
    const first = Math.floor(answer.from / every) * every;
    for (let time = first; time < answer.to; time += every) seen.add(time);
  }
  return [...seen].sort((a, b) => a - b);
}
