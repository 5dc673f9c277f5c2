import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Static } from 'typebox';
import type { Check, CheckAnswer } from '../../server/api/contract-checks.ts';
import { ApiError } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { Definitions } from '../kit/Definitions.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Page } from '../kit/Page.tsx';
import { Part } from '../kit/Part.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { Snippet } from '../kit/Snippet.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { AboutCheck } from './AboutCheck.tsx';
import { checkQuery, staleAfterMs } from './api.ts';
import { ChangeList } from './ChangeList.tsx';
import { CheckNotices } from './CheckNotices.tsx';
import { CheckStateMark } from './CheckStateMark.tsx';
import { PerformanceCharts } from './PerformanceCharts.tsx';
import { QuarantineButton } from './QuarantineButton.tsx';
import { RunTable } from './RunTable.tsx';
import { Strip } from './Strip.tsx';

type Answer = Static<typeof CheckAnswer>;

/** One check: how it stands and since when, its runs, its numbers with their limits, what happened to it. */
export function CheckPage(): ReactNode {
  const { id } = useParams({ from: '/inside/checks/$id' });
  const found = useQuery(checkQuery(id));
  const check = found.data?.check;
  const isUnknown = found.error instanceof ApiError && found.error.status === 404;
  return (
    <Page
      title={check?.name ?? id}
      above={
        <Link to="/checks" className="inline-block py-2 text-accent underline sm:py-0.5">
          Checks
        </Link>
      }
      status={check && <Status of={check} />}
      actions={check && <QuarantineButton check={check} />}
    >
      <Scrollable label="The check" className="min-h-0 grow overflow-y-auto border-t border-line">
        {isUnknown ? <NoSuchCheck id={id} /> : <Asking of={found} staleAfterMs={staleAfterMs} />}
        {found.data && !isUnknown && <Known of={found.data} />}
      </Scrollable>
    </Page>
  );
}

function Status({ of: { standing, application, environment } }: { readonly of: Check }): ReactNode {
  const { since, shown } = standing;
  return (
    <>
      <CheckStateMark of={standing} />
      {since !== null && shown !== 'pending' && (
        <span>
          since <AgeText at={since} />
        </span>
      )}
      <span className="wrap-anywhere">
        {application !== null && `${application} in `}
        {environment}
      </span>
    </>
  );
}

function Known({ of }: { readonly of: Answer }): ReactNode {
  const { check, text, runs, changes } = of;
  return (
    <>
      <CheckNotices of={check} />
      <div data-tour="runs" className="border-b border-line px-3 pt-4 pb-3 sm:px-5">
        <Strip slots={check.strip} isBig />
        <p className="text-small text-faint">
          The last {check.strip.length} slots, the newest on the right.
        </p>
      </div>
      <div className="grid gap-x-8 gap-y-6 px-3 py-4 sm:px-5 xl:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
        <Part title="Its numbers">
          <PerformanceCharts runs={runs} />
        </Part>
        <Part title="About it">
          <AboutCheck of={of} />
        </Part>
        {text !== '' && (
          <Part title={check.kind === 'plugin' ? 'What is run' : 'The scenario'}>
            <Snippet text={text} label="The scenario as it is written" what="text" />
          </Part>
        )}
        <Part title="What happened to it">
          <ChangeList of={changes} />
        </Part>
      </div>
      <section aria-label="Runs" className="border-t border-line">
        <h2 className="px-3 pt-4 pb-1 font-semibold sm:px-5">Runs</h2>
        <RunTable check={check.id} runs={runs} />
      </section>
      <Definitions of={definitions} />
    </>
  );
}

function NoSuchCheck({ id }: { readonly id: string }): ReactNode {
  return (
    <EmptyState
      title="No such check"
      actions={
        <Link to="/checks" className="font-semibold text-accent underline">
          See those that there are
        </Link>
      }
    >
      <p>
        No scenario and no plugin has the id <code className="font-mono wrap-anywhere">{id}</code>{' '}
        now. It is made of the environment, the feature’s file and the scenario’s name: one of them
        may have been changed. What it said before is still on the stream.
      </p>
    </EmptyState>
  );
}

const definitions = [
  [
    '2 of 3',
    'Failures in a row, of so many that make it count. Until then it is a soft state: it is run more often, and nobody is told.',
  ],
  ['Last good', 'When it was last ok.'],
  [
    'First bad release',
    'The version that ran when it first failed and has not been ok since, as far as versions were told.',
  ],
  [
    'Late',
    'So much later than it was due the run began. Measurements from late runs are not trusted.',
  ],
  ['Tries', 'Runs that only failed because nobody answered are tried again at once, up to twice.'],
  [
    'Dashed, dotted',
    'In the charts: the limits that the scenario sets, and where another version ran for the first time.',
  ],
] as const;
