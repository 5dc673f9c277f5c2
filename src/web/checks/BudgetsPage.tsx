import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { Budgets } from '../../server/api/contract-checks.ts';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { Definitions } from '../kit/Definitions.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { FilterField } from '../kit/FilterField.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { Snippet } from '../kit/Snippet.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { budgetsQuery, calmStaleAfterMs } from './api.ts';
import { ChecksFrame } from './ChecksFrame.tsx';
import { type Measured, limitsOf, withSilences } from './measured.ts';
import { ValueChart } from './ValueChart.tsx';
import { countsOf, unitOfValue, urgency } from './words.ts';

type Budget = Budgets['budgets'][number];

/** The limits that scenarios set, over time, with the deploys: what a release is held against. */
export function BudgetsPage(): ReactNode {
  const { q = '' } = useSearch({ from: '/inside/checks/budgets' });
  const navigate = useNavigate({ from: '/checks/budgets' });
  const found = useQuery(budgetsQuery);
  const all = found.data?.budgets ?? [];
  const filter = (text: string): void =>
    void navigate({ search: text === '' ? {} : { q: text }, replace: true });
  const shown = all
    .filter((budget) => fits(budget, q))
    .toSorted((a, b) => urgency(a.state) - urgency(b.state) || a.name.localeCompare(b.name));
  return (
    <ChecksFrame
      title="Budgets"
      status={all.length > 0 && <span>{countsOf(all.map(({ state }) => state))}</span>}
    >
      {all.length > 0 && (
        <div className="flex border-b border-line px-3 py-3 sm:px-5">
          <FilterField
            label="Filter"
            value={q}
            onChange={filter}
            placeholder="Check, application, environment or what is measured"
          />
        </div>
      )}
      <Scrollable label="Budgets" className="min-h-0 grow overflow-y-auto">
        <Asking of={found} staleAfterMs={calmStaleAfterMs} />
        {found.data && all.length === 0 && <NoBudgets />}
        {all.length > 0 && shown.length === 0 && (
          <EmptyState
            title="Nothing fits the filter"
            actions={<Button onClick={() => filter('')}>Clear the filter</Button>}
          />
        )}
        {shown.length > 0 && (
          <>
            <ul className="grid gap-x-8 gap-y-6 px-3 py-4 sm:px-5 md:grid-cols-2 xl:grid-cols-3">
              {shown.map((budget) => (
                <li key={`${budget.check} ${budget.label}`} className="min-w-0">
                  <OneBudget of={budget} />
                </li>
              ))}
            </ul>
            <Definitions of={definitions} />
          </>
        )}
      </Scrollable>
    </ChecksFrame>
  );
}

function fits(budget: Budget, filter: string): boolean {
  const { check, name, application, environment, label, state } = budget;
  const said = [check, name, application ?? '', environment, label, state].join('\n').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

function OneBudget({ of }: { readonly of: Budget }): ReactNode {
  const { check, name, application, environment, state, points, deploys, label, unit } = of;
  const { warning, critical } = of;
  const measured = useMemo((): Measured => {
    const rows = withSilences(points, ({ at }) => at);
    return {
      label,
      unit: unitOfValue(unit),
      times: rows.map(({ time }) => time),
      values: rows.map(({ one }) => one?.value ?? null),
      limits: limitsOf({ warning, critical }),
    };
  }, [label, unit, points, warning, critical]);
  return (
    <>
      <h2 className="font-semibold wrap-anywhere">
        <Link
          to="/checks/$id"
          params={{ id: check }}
          className="underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2"
        >
          {name}
        </Link>
      </h2>
      <p className="flex flex-wrap gap-x-3 text-small text-soft">
        <StateMark state={state} word={state === 'pending' ? 'no result yet' : state} />
        <span className="wrap-anywhere">
          {application !== null && `${application} in `}
          {environment}
        </span>
      </p>
      <ValueChart
        title={label}
        of={measured}
        deploys={deploys.map(({ at }) => at)}
        deployWords={deployWords(of)}
      />
    </>
  );
}

/** The last of them by its version: that is the one people ask about. */
function deployWords({ deploys }: Budget): string {
  const last = deploys.at(-1);
  return last ? `a deploy, the last: ${last.version}` : 'a deploy';
}

const NoBudgets = (): ReactNode => (
  <EmptyState title="No scenario sets a limit yet">
    <p>
      A step with a limit is a budget: it is measured with every run, drawn with its limit and the
      deploys, and a release that goes over it is not done.
    </p>
    <Snippet
      label="A budget"
      what="scenario"
      text={`Scenario: the home page is quick
  When I measure "/" 20 times
  Then the 95th percentile should be less than 500 ms, ideally less than 300 ms
`}
    />
  </EmptyState>
);

const definitions = [
  ['Critical at', 'From here on the check fails; with @gate no release passes.'],
  ['Warning at', 'From here on it is a warning: “ideally less than”.'],
  [
    'Unknown',
    'Fewer samples than the percentile needs, or the runner itself was too late to measure: no verdict rather than a false one.',
  ],
] as const;
