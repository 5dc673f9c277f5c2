import { type ReactNode, useState } from 'react';
import { colourToken } from '../kit/chart-options.ts';
import { formatTime } from '../kit/format.ts';
import { useZone } from '../kit/preferences.ts';
import { Scrollable } from '../kit/Scrollable.tsx';
import { formatIn, type Unit } from '../kit/units.ts';
import type { Drawing, Line } from './lines.ts';

interface LegendProps {
  readonly drawing: Drawing;
  readonly unit: Unit;
  readonly hidden: ReadonlySet<string>;
  readonly cursor: number | undefined;
  readonly onHidden: (hidden: ReadonlySet<string>) => void;
  readonly onFocus: (key: string | undefined) => void;
}

const columns = ['last', 'min', 'mean', 'max', 'total'] as const;
type Column = (typeof columns)[number];
const meaning: Readonly<Record<Column, string>> = {
  last: 'The last bucket that has data',
  min: 'The least of the buckets shown',
  mean: 'The mean of the buckets shown',
  max: 'The greatest of the buckets shown',
  total: 'The aggregate over the whole range at once, not the sum of the buckets',
};

/** The table under the chart: what each line is and its numbers. Sorts; hides and shows lines. */
export function Legend(props: LegendProps): ReactNode {
  const { drawing, unit, hidden, cursor, onHidden, onFocus } = props;
  const zone = useZone();
  const [sort, setSort] = useState<Column>();
  const lines = sort
    ? drawing.lines.toSorted((a, b) => (b[sort] ?? -Infinity) - (a[sort] ?? -Infinity))
    : drawing.lines;
  const at = cursor === undefined ? undefined : drawing.times[cursor];
  const toggle = (line: Line): void => {
    const next = new Set(hidden);
    if (!next.delete(line.key)) next.add(line.key);
    onHidden(next);
  };
  return (
    <Scrollable label="Series" className="mt-2 shrink-0 overflow-x-auto border-y border-line">
      <table className="w-full border-collapse">
        <thead>
          <tr className="text-right">
            <th scope="col" className="label min-w-36 py-1 pr-3 pl-3 text-left font-normal sm:pl-5">
              Series
            </th>
            <th scope="col" className="label w-36 px-3 font-normal whitespace-nowrap">
              {at === undefined ? 'at the cursor' : formatTime(at, zone)}
            </th>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                aria-sort={sort === column ? 'descending' : 'none'}
                className="w-24 px-1 last:pr-3"
              >
                <button
                  type="button"
                  title={meaning[column]}
                  onClick={() => setSort(sort === column ? undefined : column)}
                  className={`label rounded-small px-2 py-1 hover:text-ink ${sort === column ? 'font-semibold text-ink!' : 'font-normal'}`}
                >
                  {sort === column ? '↓ ' : ''}
                  {column}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the checkboxes do the same by focus */}
        <tbody onMouseLeave={() => onFocus(undefined)}>
          {lines.map((line) => (
            <tr
              key={line.key}
              onMouseEnter={() => onFocus(line.key)}
              className={`border-t border-line/60 text-right hover:bg-sunken ${hidden.has(line.key) ? 'text-faint' : ''}`}
            >
              <th scope="row" className="py-0.5 pr-3 pl-3 text-left font-normal sm:pl-5">
                <label className="flex min-h-6 cursor-pointer items-center gap-2">
                  <input
                    type="checkbox"
                    checked={!hidden.has(line.key)}
                    onChange={() => toggle(line)}
                    onFocus={() => onFocus(line.key)}
                    onBlur={() => onFocus(undefined)}
                    className="accent-accent"
                  />
                  <Swatch line={line} />
                  <span className={`wrap-break-word ${hidden.has(line.key) ? 'line-through' : ''}`}>
                    {line.name}
                  </span>
                </label>
              </th>
              <td className="px-3 font-semibold whitespace-nowrap">
                {cursor === undefined ? '' : formatIn(unit, line.values[cursor])}
              </td>
              {columns.map((column) => (
                <td key={column} className="px-3 whitespace-nowrap last:pr-5">
                  {formatIn(unit, line[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}

function Swatch({ line }: { readonly line: Line }): ReactNode {
  return (
    <svg aria-hidden="true" viewBox="0 0 18 4" className="h-1 w-[1.125rem] shrink-0">
      <path
        d="M0 2h18"
        stroke={`var(${colourToken(line.colour)})`}
        strokeWidth="3"
        strokeDasharray={line.compared ? '5 3' : line.colour >= 10 ? '2 2' : undefined}
      />
    </svg>
  );
}
