import uPlot from 'uplot';
import type { Zone } from './preferences.ts';

/** A line to draw. */
export interface ChartLine {
  readonly key: string;
  readonly values: readonly (number | null)[];
  /** Which of the ten colours, from 0; beyond them lines are dotted. */
  readonly colour: number;
  /** Token of another colour, for a line that is no series: a limit. */
  readonly token?: string;
  readonly dashed: boolean;
  readonly shown: boolean;
}

export const colours = 10;
/** The token of a line's colour. */
export const colourToken = (colour: number): string => `--series-${(colour % colours) + 1}`;

export interface ChartLook {
  readonly zone: Zone;
  readonly formatValue: (value: number) => string;
  /** Ticks at powers of two: for bytes. */
  readonly binary: boolean;
}

const day = 86_400_000;
const minute = 60_000;
const powersOfTwo = Array.from({ length: 60 }, (_, i) => 2 ** i);

/** Colours as the canvas takes them: what the tokens mean right now. */
function resolver(host: HTMLElement): (token: string) => string {
  const style = getComputedStyle(host);
  return (token) => style.getPropertyValue(token).trim();
}

/** How the chart looks; data, size and hooks are the caller's. */
export function chartOptions(
  host: HTMLElement,
  lines: readonly ChartLine[],
  look: ChartLook,
): Pick<uPlot.Options, 'series' | 'axes' | 'tzDate' | 'ms' | 'legend' | 'focus' | 'padding'> {
  const colour = resolver(host);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${rem * 0.6875}px ${getComputedStyle(host).fontFamily}`;
  const axis = {
    stroke: colour('--faint'),
    font,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  return {
    ms: 1,
    legend: { show: false },
    focus: { alpha: 0.25 },
    padding: [8, rem, 0, 0],
    tzDate: (time) =>
      look.zone === 'utc' ? uPlot.tzDate(new Date(time), 'Etc/UTC') : new Date(time),
    axes: [
      {
        ...axis,
        size: rem * 1.75,
        space: rem * 5,
        values: (...[, splits, , , step]) => splits.map((t) => timeTick(t, step, look.zone)),
      },
      {
        ...axis,
        space: rem * 2.25,
        size: (_u, values) => Math.max(rem * 2.5, rem * (1 + 0.45 * longest(values))),
        values: (_u, splits) => splits.map(look.formatValue),
        ...(look.binary && { incrs: powersOfTwo }),
      },
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, colour))],
  };
}

function seriesOf(line: ChartLine, colour: (token: string) => string): uPlot.Series {
  const stroke = colour(line.token ?? colourToken(line.colour));
  const dotted = line.colour >= colours;
  return {
    show: line.shown,
    stroke,
    width: line.dashed ? 1.25 : 1.75,
    alpha: line.dashed ? 0.65 : 1,
    spanGaps: false,
    ...(line.dashed ? { dash: [6, 4] } : dotted && { dash: [2, 3] }),
    points: { show: true, size: 5, fill: stroke, width: 0, filter: lonely },
  };
}

/** A value between two gaps has no line: it is drawn as a point. */
function lonely(u: uPlot, series: number): number[] {
  const values = u.data[series] ?? [];
  const alone: number[] = [];
  for (let i = 0; i < values.length; i++)
    if (isNothing(values[i]) === false && isNothing(values[i - 1]) && isNothing(values[i + 1]))
      alone.push(i);
  return alone;
}
const isNothing = (value: number | null | undefined): boolean =>
  value === null || value === undefined;

const longest = (values: readonly string[] | null): number =>
  Math.max(0, ...(values ?? []).map((value) => value.length));

const tickFormats = new Map<string, Intl.DateTimeFormat>();

/** A day at midnight, otherwise the time, with seconds only where they differ. */
function timeTick(time: number, step: number, zone: Zone): string {
  const clock = format(step < minute ? 'seconds' : 'minutes', zone).format(time);
  return step >= day || clock === '00:00' ? format('day', zone).format(time) : clock;
}

function format(form: 'seconds' | 'minutes' | 'day', zone: Zone): Intl.DateTimeFormat {
  const key = `${form} ${zone}`;
  const known = tickFormats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone === 'utc' ? 'UTC' : undefined,
    hourCycle: 'h23',
    ...(form === 'day'
      ? { day: 'numeric', month: 'short' }
      : { hour: '2-digit', minute: '2-digit', ...(form === 'seconds' && { second: '2-digit' }) }),
  });
  tickFormats.set(key, made);
  return made;
}
