import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CheckVerdict } from '../../server/api/contract-checks.ts';
import { counted } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { formatIn } from '../kit/units.ts';
import { unitOfValue } from './words.ts';

/** What was measured of a release against the limits of its scenarios, and what keeps it from being done. */
export function ReleaseBudgets({ of }: { readonly of: CheckVerdict }): ReactNode {
  const { budgets, missing, reason } = of;
  const open = missing.filter((one) => one !== reason);
  return (
    <>
      {budgets.length > 0 && (
        <ul aria-label="Budgets of the release" className="flex flex-col gap-1">
          {budgets.map((budget) => (
            <OneBudget key={`${budget.check} ${budget.label}`} of={budget} />
          ))}
        </ul>
      )}
      {open.length > 0 && (
        <ul aria-label="What keeps it from being done" className="text-small text-soft">
          {open.map((one) => (
            <li key={one} className="wrap-anywhere">
              Not done: {one}
            </li>
          ))}
        </ul>
      )}
      {missing.length === 0 && (
        <p className="text-small text-soft">Done: its checks pass and its budgets are kept.</p>
      )}
    </>
  );
}

function OneBudget({ of }: { readonly of: CheckVerdict['budgets'][number] }): ReactNode {
  const { check, name, label, median, warning, critical, samples, state } = of;
  const unit = unitOfValue(of.unit);
  const limit = critical ?? warning;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 sm:grid-cols-[minmax(0,1fr)_11rem_4.5rem]">
      <span className="wrap-anywhere">
        {label} of{' '}
        <Link to="/checks/$id" params={{ id: check }} className="text-accent underline">
          {name}
        </Link>
        <span className="block text-small text-soft tabular-nums">
          {median === null ? 'no data' : `median ${formatIn(unit, median)}`}
          {limit !== null && `, limit ${formatIn(unit, limit)}`}
        </span>
      </span>
      <StateMark state={state} word={state === 'pending' ? 'too few values' : state} />
      <span className="text-right text-small text-soft tabular-nums">
        {counted(samples, 'value')}
      </span>
    </li>
  );
}
