import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue, useMemo } from 'react';
import type { Checks } from '../../server/api/contract-checks.ts';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { Definitions } from '../kit/Definitions.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { FilterField } from '../kit/FilterField.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { Segmented } from '../kit/Segmented.tsx';
import { useHotkeys } from '../shell/hotkeys.ts';
import { checksQuery, staleAfterMs } from './api.ts';
import { ChecksFrame } from './ChecksFrame.tsx';
import { CheckTable } from './CheckTable.tsx';
import { Counters } from './Counters.tsx';
import { FeatureFindings } from './FeatureFindings.tsx';
import { NoChecks } from './NoChecks.tsx';
import { countsOf, fitting, isTrouble, lanesOf } from './words.ts';

/** Every check by application and environment, with its last hour of slots; trouble first. */
export function ChecksPage(): ReactNode {
  const { q = '', only } = useSearch({ from: '/inside/checks' });
  const navigate = useNavigate({ from: '/checks' });
  const found = useQuery(checksQuery);
  const isNarrow = only === 'trouble';
  const set = (next: { readonly q?: string; readonly only?: string }): void => {
    const merged = Object.entries({ q, only, ...next }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(merged), replace: true });
  };
  const setNarrow = (narrow: boolean): void => set({ only: narrow ? 'trouble' : '' });
  useHotkeys({ n: () => setNarrow(!isNarrow) });
  const { checks = [] } = found.data ?? {};
  return (
    <ChecksFrame
      title="Checks"
      status={
        checks.length > 0 && <span>{countsOf(checks.map(({ standing }) => standing.shown))}</span>
      }
    >
      {checks.length > 0 && (
        <div className="flex flex-wrap gap-2 border-b border-line px-3 py-3 sm:px-5">
          <FilterField
            label="Filter"
            value={q}
            onChange={(text) => set({ q: text })}
            placeholder="Name, application, environment, tag or state"
            className="min-w-0 grow basis-60"
          />
          <Segmented
            label="Which"
            value={isNarrow ? 'trouble' : 'all'}
            options={[
              ['all', 'All'],
              ['trouble', `Not ok (${checks.filter(isTrouble).length})`],
            ]}
            onChange={(next) => setNarrow(next === 'trouble')}
          />
        </div>
      )}
      <Scrollable label="Checks" className="min-h-0 grow overflow-y-auto">
        <Asking of={found} staleAfterMs={staleAfterMs} />
        {found.data && (
          <Known of={found.data} q={q} isNarrow={isNarrow} onAll={() => set({ q: '', only: '' })} />
        )}
      </Scrollable>
    </ChecksFrame>
  );
}

interface KnownProps {
  readonly of: Checks;
  readonly q: string;
  readonly isNarrow: boolean;
  readonly onAll: () => void;
}

function Known(props: KnownProps): ReactNode {
  const { checks, findings, counters } = props.of;
  return (
    <>
      <FeatureFindings of={findings} />
      {checks.length === 0 ? (
        <NoChecks />
      ) : (
        <>
          <Rows {...props} />
          <Counters of={counters} />
          <Definitions of={definitions} />
        </>
      )}
    </>
  );
}

function Rows(props: KnownProps): ReactNode {
  const { of, isNarrow, onAll } = props;
  // Typing goes on while many rows are drawn.
  const q = useDeferredValue(props.q);
  const lanes = useMemo(() => {
    const narrowed = isNarrow ? of.checks.filter(isTrouble) : of.checks;
    return lanesOf(fitting(narrowed, q));
  }, [of.checks, isNarrow, q]);
  if (lanes.length > 0) return <CheckTable lanes={lanes} />;
  const isAllWell = isNarrow && q === '';
  return (
    <EmptyState
      title={isAllWell ? 'Nothing is wrong' : 'Nothing fits the filter'}
      actions={<Button onClick={onAll}>Show all {of.checks.length}</Button>}
    >
      <p>
        {isAllWell
          ? 'Every check is ok, or has no result yet.'
          : 'Every word of it must stand in what is known of a check.'}
      </p>
    </EmptyState>
  );
}

const definitions = [
  [
    'State',
    'The word of Nagios: ok, warning, critical, unknown. “2 of 3” beside it: it failed twice in a row, and at the third time it counts and people are told.',
  ],
  [
    'Unknown',
    'Whether it holds could not be seen: too few samples, a gap in what came in, or no result in three intervals (stale). Never ok by silence.',
  ],
  [
    'Last 60 slots',
    'A slot is a time at which it was due. Low: ok. Higher: warning. Full: critical. Broken in the middle: unknown. A line: it was not run, and why is counted below. A mark under it: from here on another version ran.',
  ],
  ['Took', 'From the first to the last step of the last run, retries too.'],
  [
    'Held',
    'What it depends on is down: it is run and changes its state as always, and makes no alert.',
  ],
  ['Quarantined', 'It is run, and nobody is told, until the day that stands beside it.'],
  [
    'Flapping',
    'Of the last 20 changes the newer weigh more; above 30 % it begins, at 25 % it ends (Icinga 2). One alert stands for all.',
  ],
] as const;
