import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Backtest } from '../../rules/backtest/result.ts';
import { labelsOf } from '../alerts/matcher.ts';
import { SeverityMark } from '../alerts/SeverityMark.tsx';
import { Button } from '../kit/Button.tsx';
import { formatCount, formatDuration } from '../kit/format.ts';
import { Segmented } from '../kit/Segmented.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import './difference-table.css';
import { type AlertRow, alertRows, type Side } from './alert-rows.ts';

const atOnce = 100;
const minute = 60_000;

/** Each alert of both sides, and whether the other side has it too. */
export function DifferenceTable({ result }: { readonly result: Backtest }): ReactNode {
  const [side, setSide] = useState<Side | 'all'>('all');
  const [most, setMost] = useState(atOnce);
  const rows = alertRows(result);
  const count = (of: Side): number => rows.filter((row) => row.side === of).length;
  const shown = side === 'all' ? rows : rows.filter((row) => row.side === side);
  const { against } = result;
  const options = (['only candidate', 'only live', 'differs', 'same'] as const).map(
    (one) => [one, `${one} ${count(one)}`] as const,
  );
  return (
    <section aria-label="Alerts of the backtest" className="px-3 py-4 sm:px-5">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 className="text-lead font-semibold">Alerts</h2>
        {against && (
          <div className="max-w-full overflow-x-auto">
            <Segmented
              label="Which alerts"
              value={side}
              options={[['all', `all ${rows.length}`] as const, ...options]}
              onChange={setSide}
            />
          </div>
        )}
      </div>
      {shown.length === 0 ? (
        <p className="py-2 text-soft">
          {rows.length === 0 ? 'No alert would have been open in this time.' : 'None of this kind.'}
        </p>
      ) : (
        <Rows rows={shown.slice(0, most)} beside={against !== undefined} />
      )}
      {shown.length > most && (
        <Button className="mt-2" onClick={() => setMost(most + atOnce)}>
          {`${formatCount(shown.length - most)} more`}
        </Button>
      )}
      {against && against.difference.leftOut.alerts > 0 && (
        <p className="mt-2 text-small text-warning">
          {formatCount(against.difference.leftOut.alerts)} further differences did not fit in here;
          they are counted above.
        </p>
      )}
    </section>
  );
}

function Rows(props: { readonly rows: readonly AlertRow[]; readonly beside: boolean }): ReactNode {
  const heads = props.beside
    ? ['', 'Alert', 'Candidate', 'Live', 'Evidence']
    : ['Alert', 'Open', 'Evidence'];
  return (
    <div className="@container/differences -mx-2">
      <table className="differences w-full border-collapse" aria-label="Alerts of the backtest">
        <thead>
          <tr>
            {heads.map((head) => (
              <th
                key={head}
                scope="col"
                className="label border-b border-line px-2 py-1 text-left font-normal whitespace-nowrap"
              >
                {head === '' ? <span className="sr-only">Side</span> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr
              key={`${row.rule} ${row.key} ${(row.candidate ?? row.live)?.from}`}
              className="border-b border-line/60 align-top last:border-0"
            >
              {props.beside && (
                <td className="side px-2 py-1.5 whitespace-nowrap">
                  <SideMark side={row.side} />
                </td>
              )}
              <th scope="row" className="min-w-48 px-2 py-1.5 text-left font-normal">
                <span className="wrap-anywhere">{row.title}</span>
                <span className="block text-small wrap-anywhere text-faint">
                  {row.rule} · {row.key}
                </span>
              </th>
              <td data-name={props.beside ? 'Candidate' : 'Open'} className="min-w-40 px-2 py-1.5">
                <SpanText span={row.candidate} />
              </td>
              {props.beside && (
                <td data-name="Live" className="min-w-40 px-2 py-1.5">
                  <SpanText span={row.live} />
                </td>
              )}
              <td className="evidence px-2 py-1.5">
                <Evidence row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const sides: Readonly<Record<Side, readonly [look: string, path: string]>> = {
  'only candidate': ['text-accent font-semibold', 'M6 1v10M1 6h10'],
  'only live': ['text-warning font-semibold', 'M1 6h10'],
  differs: ['text-ink font-semibold', 'M2 4h8M2 8h8M8 1.5l-4 9'],
  same: ['text-soft', 'M2 4h8M2 8h8'],
  candidate: ['text-soft', 'M2 6h8'],
};

/** A plus, a minus, unequal, equal: and the word. */
function SideMark({ side }: { readonly side: Side }): ReactNode {
  const [look, path] = sides[side];
  return (
    <span className={`inline-flex items-center gap-1.5 ${look}`}>
      <svg
        aria-hidden="true"
        viewBox="0 0 12 12"
        className="size-3"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
      >
        <path d={path} />
      </svg>
      {side}
    </span>
  );
}

function SpanText({ span }: { readonly span: AlertRow['candidate'] }): ReactNode {
  if (!span) return <span className="text-faint">not raised</span>;
  return (
    <>
      {span.severity !== 'ok' && <SeverityMark severity={span.severity} />}
      <span className="block text-small text-soft">
        <TimeText at={span.from} />
        {span.to === undefined
          ? ', still open at the end'
          : `, for ${formatDuration(Math.round((span.to - span.from) / 1000) * 1000)}`}
      </span>
    </>
  );
}

/** The events of that time and key. */
function Evidence({ row }: { readonly row: AlertRow }): ReactNode {
  const starts = [row.candidate, row.live].flatMap((span) => (span ? [span.from] : []));
  const ends = [row.candidate, row.live].flatMap((span) =>
    span?.to === undefined ? [] : [span.to],
  );
  const from = Math.min(...starts) - 5 * minute;
  const to = Math.max(...starts.map((start) => start + 5 * minute), ...ends);
  const where = labelsOf({ key: row.labels }).join(' and ');
  const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const search = { ...(where !== '' && { where }), ...range };
  return (
    <span className="flex gap-x-3">
      <Link to="/stream" search={search} className="py-1 text-accent underline">
        Stream
      </Link>
      <Link to="/explore" search={search} className="py-1 text-accent underline">
        Explore
      </Link>
    </span>
  );
}
