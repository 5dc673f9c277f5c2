import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import type { Check } from '../../server/api/contract-checks.ts';
import { CardTable } from '../kit/CardTable.tsx';
import { formatDuration } from '../kit/format.ts';
import { AgeText, DueText } from '../kit/TimeText.tsx';
import { CheckStateMark } from './CheckStateMark.tsx';
import { Signs } from './Signs.tsx';
import { Strip } from './Strip.tsx';
import { countsOf, type Lane } from './words.ts';

const heads = [
  ['Check', ''],
  ['State', ''],
  ['Last 60 slots', ''],
  ['Took', 'number'],
  ['Every', 'number'],
  ['Next', 'number'],
] as const;

/** Checks in their lanes, one on a line. */
export function CheckTable({ lanes }: { readonly lanes: readonly Lane[] }): ReactNode {
  return (
    <CardTable label="Checks" heads={heads}>
      {lanes.flatMap((lane) => [
        <LaneRow key={lane.key} lane={lane} />,
        ...lane.checks.map((check) => <Row key={check.id} check={check} />),
      ])}
    </CardTable>
  );
}

function LaneRow({ lane }: { readonly lane: Lane }): ReactNode {
  const { application, environment, checks } = lane;
  return (
    <tr className="border-b border-line bg-sunken">
      <th
        scope="rowgroup"
        colSpan={heads.length}
        className="text-left font-normal @max-[52rem]/cards:col-span-full!"
      >
        <span className="flex flex-wrap items-baseline gap-x-2">
          {application === null ? (
            <span className="text-soft">no application</span>
          ) : (
            <Link
              to="/releases/$app"
              params={{ app: application }}
              className="font-semibold wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2"
            >
              {application}
            </Link>
          )}
          <span className="wrap-anywhere">in {environment}</span>
          <span className="text-small text-soft">
            {countsOf(checks.map(({ standing }) => standing.shown))}
          </span>
        </span>
      </th>
    </tr>
  );
}

const Row = memo(function Row({ check }: { readonly check: Check }): ReactNode {
  const { id, name, standing, strip, interval, next, route, isGate, kind } = check;
  const { shown, since, summary } = standing;
  const took = strip.findLast(({ durationMs }) => durationMs !== null)?.durationMs ?? null;
  const about = [
    ...(kind === 'plugin' ? ['plugin'] : []),
    ...(isGate ? ['gate'] : []),
    ...(route === 'ticket' ? [] : [route]),
  ];
  return (
    <tr className="border-b border-line/60 hover:bg-sunken">
      <th scope="row" className="text-left font-normal @max-[52rem]/cards:col-span-full!">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <Link
            to="/checks/$id"
            params={{ id }}
            className="inline-block py-1 font-semibold wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2 sm:py-0"
          >
            {name}
          </Link>
          <span className="text-small text-faint empty:hidden">{about.join(', ')}</span>
        </span>
        {summary !== null && shown !== 'ok' && (
          <span
            title={summary}
            className="line-clamp-2 max-w-[60ch] text-small wrap-anywhere text-soft"
          >
            {summary}
          </span>
        )}
      </th>
      <td data-name="State" className="@max-[52rem]/cards:col-span-full!">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <CheckStateMark of={standing} />
          {since !== null && shown !== 'pending' && (
            <span className="text-small text-faint">
              <AgeText at={since} />
            </span>
          )}
        </span>
        <Signs of={check} />
      </td>
      <td data-name="Last 60 slots" className="wide">
        <Strip slots={strip} />
      </td>
      <td data-name="Took" className="number">
        {took === null ? '–' : formatDuration(took)}
      </td>
      <td data-name="Every" className="number">
        {formatDuration(interval)}
      </td>
      <td data-name="Next" className="number">
        {next === null ? '–' : <DueText at={next} />}
      </td>
    </tr>
  );
});
