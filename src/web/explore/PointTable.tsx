import type { ReactNode } from 'react';
import { Scrollable } from '../kit/Scrollable.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { formatIn, type Unit } from '../kit/units.ts';
import type { Drawing } from './lines.ts';

const rowsAtMost = 1000;

/** The chart in words: every bucket with the value of every series, newest first. */
export function PointTable({
  drawing,
  unit,
}: {
  readonly drawing: Drawing;
  readonly unit: Unit;
}): ReactNode {
  const rows = drawing.times
    .map((time, i) => [time, i] as const)
    .toReversed()
    .slice(0, rowsAtMost);
  return (
    <Scrollable
      label="Points"
      className="h-[clamp(14rem,45vh,42rem)] shrink-0 overflow-auto border-t border-line"
    >
      <table className="w-full border-collapse text-right">
        <caption className="sr-only">Value of every series in every bucket, newest first</caption>
        <thead className="sticky top-0 bg-page">
          <tr>
            <th scope="col" className="label py-1.5 pl-3 text-left font-normal sm:pl-5">
              Time
            </th>
            {drawing.lines.map((line) => (
              <th key={line.key} scope="col" className="label px-3 font-normal last:pr-5">
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([time, i]) => (
            <tr key={time} className="border-t border-line/60">
              <th
                scope="row"
                className="py-0.5 pl-3 text-left font-mono text-small font-normal whitespace-nowrap text-soft sm:pl-5"
              >
                <TimeText at={time} />
              </th>
              {drawing.lines.map((line) => (
                <td key={line.key} className="px-3 whitespace-nowrap last:pr-5">
                  {formatIn(unit, line.values[i])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}
