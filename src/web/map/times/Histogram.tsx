import type { ReactNode } from 'react';
import type { Spread } from '../../../server/api/contract-map-flow.ts';
import { counted, formatDuration } from '../../kit/format.ts';

interface HistogramProps {
  readonly of: Spread;
  /** What is counted: `change`. */
  readonly item: string;
}

/** How many items took how long: bars from zero, with the median and p85 marked. */
export function Histogram({ of, item }: HistogramProps): ReactNode {
  const { histogram } = of;
  const last = histogram.at(-1);
  const [first] = histogram;
  if (!first || !last) return null;
  const most = Math.max(1, ...histogram.map(({ items }) => items));
  return (
    <figure>
      <ol
        aria-label={`${item}s by lead time`}
        className="flex h-24 items-end gap-px border-b border-line-strong"
      >
        {histogram.map(({ from, to, items }) => (
          <li
            key={from}
            title={`${formatDuration(from)} to ${formatDuration(to)}: ${counted(items, item)}`}
            className="relative flex h-full min-w-0 grow items-end"
          >
            <span
              className="w-full bg-accent print:border print:border-ink"
              style={{ height: items === 0 ? 0 : `max(${(100 * items) / most}%, 2px)` }}
            />
            <span className="sr-only">{`${formatDuration(from)} to ${formatDuration(to)}: ${counted(items, item)}`}</span>
          </li>
        ))}
      </ol>
      <Scale of={of} bins={histogram} />
      <figcaption className="flex justify-between gap-4 text-tiny text-faint">
        <span>{formatDuration(first.from)}</span>
        <span>the highest bar is {counted(most, item)}</span>
        <span>{formatDuration(last.to)}</span>
      </figcaption>
    </figure>
  );
}

/** Where a length stands among bins of whatever width, 0 to 1. */
export function placeAmong(bins: Spread['histogram'], value: number): number {
  const at = bins.findIndex(({ to }) => value < to);
  const bin = bins[at];
  if (!bin) return 1;
  const within = bin.to > bin.from ? (value - bin.from) / (bin.to - bin.from) : 0;
  return (at + Math.min(1, Math.max(0, within))) / bins.length;
}

function Scale(props: { readonly of: Spread; readonly bins: Spread['histogram'] }): ReactNode {
  const marks = (['p50', 'p85'] as const).flatMap((name) => {
    const value = props.of[name];
    return value === null ? [] : [{ name, at: placeAmong(props.bins, value) }];
  });
  return (
    <div aria-hidden="true" className="relative h-4 text-tiny text-soft">
      {marks.map(({ name, at }) => (
        <span
          key={name}
          className={`absolute whitespace-nowrap ${at > 0.9 ? '-translate-x-full pr-1' : 'pl-1'}`}
          style={{ left: `${100 * at}%` }}
        >
          <span
            className={`absolute -top-24 h-28 w-0 border-l border-dashed border-ink ${at > 0.9 ? 'right-0' : 'left-0'}`}
          />
          {name}
        </span>
      ))}
    </div>
  );
}
