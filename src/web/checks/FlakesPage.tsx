import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Flakes } from '../../server/api/contract-checks.ts';
import { Asking } from '../kit/Asking.tsx';
import { CardTable } from '../kit/CardTable.tsx';
import { Definitions } from '../kit/Definitions.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { formatCount, formatNumber } from '../kit/format.ts';
import { Meter } from '../kit/Meter.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { calmStaleAfterMs, flakesQuery } from './api.ts';
import { ChecksFrame } from './ChecksFrame.tsx';
import { QuarantineButton } from './QuarantineButton.tsx';

type Row = Flakes['rows'][number];

/** Which checks change their mind without another release, and which of them are in quarantine. */
export function FlakesPage(): ReactNode {
  const found = useQuery(flakesQuery);
  const rows = found.data?.rows ?? [];
  const away = rows.filter(({ quarantine }) => quarantine !== null).length;
  return (
    <ChecksFrame title="Flakes" status={away > 0 && <span>{away} in quarantine</span>}>
      <Scrollable label="Flakes" className="min-h-0 grow overflow-y-auto">
        <Asking of={found} staleAfterMs={calmStaleAfterMs} />
        {found.data && rows.length === 0 && (
          <EmptyState title="No check has changed its mind">
            <p>
              A check that passes and fails in turn, while the same release runs, stands here, and
              so does one that passed only when it was tried again. It can be put into quarantine
              until a day: it goes on being run, and nobody is told.
            </p>
          </EmptyState>
        )}
        {rows.length > 0 && (
          <>
            <FlakeTable of={rows} />
            <Definitions of={definitions} />
          </>
        )}
      </Scrollable>
    </ChecksFrame>
  );
}

const heads = [
  ['Check', ''],
  ['Rate', ''],
  ['Flips', 'number'],
  ['Runs', 'number'],
  ['Retried', 'number'],
  ['Quarantine', ''],
] as const;

function FlakeTable({ of }: { readonly of: readonly Row[] }): ReactNode {
  return (
    <CardTable label="Flakes" heads={heads}>
      {of.map((row) => {
        const { id, name, application, environment, rate, flips, runs, retried } = row;
        return (
          <tr key={id} className="border-b border-line/60 hover:bg-sunken">
            <th scope="row" className="text-left font-normal @max-[52rem]/cards:col-span-full!">
              <Link
                to="/checks/$id"
                params={{ id }}
                className="inline-block py-1 font-semibold wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2 sm:py-0"
              >
                {name}
              </Link>
              <span className="block text-small wrap-anywhere text-faint">
                {application !== null && `${application} in `}
                {environment}
              </span>
            </th>
            <td data-name="Rate" className="wide w-40">
              <span className="tabular-nums">{formatNumber(rate * 100)} %</span>
              <Meter value={rate} label={`Rate of ${name}`} />
            </td>
            <td data-name="Flips" className="number">
              {formatCount(flips)}
            </td>
            <td data-name="Runs" className="number">
              {formatCount(runs)}
            </td>
            <td data-name="Retried" className="number">
              {formatCount(retried)}
            </td>
            <td data-name="Quarantine" className="wide">
              <Away of={row} />
            </td>
          </tr>
        );
      })}
    </CardTable>
  );
}

function Away({ of }: { readonly of: Row }): ReactNode {
  const { quarantine } = of;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <QuarantineButton check={of} />
      {quarantine && (
        <span className="min-w-0 text-small wrap-anywhere text-soft">
          ends <AgeText at={quarantine.until} />, by {quarantine.by}: {quarantine.reason}
        </span>
      )}
    </span>
  );
}

const definitions = [
  [
    'Flips',
    'Changes between passing and not, from one run to the next, while the same release ran. A change that came with a release is no flip.',
  ],
  ['Rate', 'Flips of the changes that there could have been: one less than its runs.'],
  ['Retried', 'Runs that passed only when they were tried again at once.'],
  [
    'Quarantine',
    'Until its end the check is run and its results are kept, and nobody is told. It ends by itself: a check is not forgotten.',
  ],
] as const;
