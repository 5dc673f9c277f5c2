import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Static } from 'typebox';
import type { CheckRunRow } from '../../server/api/contract-checks.ts';
import { Button } from '../kit/Button.tsx';
import { CardTable } from '../kit/CardTable.tsx';
import { formatDuration } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText, TimeText } from '../kit/TimeText.tsx';

type Run = Static<typeof CheckRunRow>;

const shownAtFirst = 20;
const heads = [
  ['Run', ''],
  ['Result', ''],
  ['Took', 'number'],
  ['Late', 'number'],
  ['Tries', 'number'],
  ['Version', ''],
] as const;

/** The runs of a check, the newest first. */
export function RunTable(props: {
  readonly check: string;
  readonly runs: readonly Run[];
}): ReactNode {
  const { check, runs } = props;
  const [isAll, setAll] = useState(false);
  if (runs.length === 0)
    return (
      <p className="px-3 text-soft sm:px-5">
        It has not been run yet; that is no result, and not ok.
      </p>
    );
  const shown = isAll ? runs : runs.slice(0, shownAtFirst);
  return (
    <>
      <CardTable label="Runs" heads={heads}>
        {shown.map((run) => (
          <Row key={run.slot} check={check} run={run} />
        ))}
      </CardTable>
      {runs.length > shown.length && (
        <div className="px-3 py-1 sm:px-5">
          <Button look="quiet" onClick={() => setAll(true)}>
            The last {runs.length}
          </Button>
        </div>
      )}
    </>
  );
}

function Row({ check, run }: { readonly check: string; readonly run: Run }): ReactNode {
  const { slot, state, summary, durationMs, lagMs, attempts, release, hasDetail } = run;
  return (
    <tr className="border-b border-line/60 hover:bg-sunken">
      <th scope="row" className="text-left font-normal whitespace-nowrap">
        {hasDetail ? (
          <Link
            to="/checks/$id/runs/$slot"
            params={{ id: check, slot: String(slot) }}
            className="inline-block py-1 text-accent underline sm:py-0"
          >
            <TimeText at={slot} />
          </Link>
        ) : (
          <TimeText at={slot} />
        )}{' '}
        <span className="text-small text-faint">
          <AgeText at={slot} />
        </span>
      </th>
      <td data-name="Result" className="@max-[52rem]/cards:col-span-full!">
        <StateMark state={state} />
        {state !== 'ok' && summary !== '' && (
          <span
            title={summary}
            className="line-clamp-2 max-w-[90ch] text-small wrap-anywhere text-soft"
          >
            {summary}
          </span>
        )}
      </td>
      <td data-name="Took" className="number">
        {formatDuration(durationMs)}
      </td>
      <td data-name="Late" className="number">
        {formatDuration(lagMs)}
      </td>
      <td data-name="Tries" className="number">
        {attempts}
      </td>
      <td data-name="Version" className="named wrap-anywhere">
        {release ?? <span className="text-faint">not known</span>}
      </td>
    </tr>
  );
}
