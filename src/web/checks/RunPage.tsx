import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunDetail } from '../../server/api/contract-checks.ts';
import type { Static } from 'typebox';
import { ApiError } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { formatDuration } from '../kit/format.ts';
import { Notice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { Part } from '../kit/Part.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { Table } from '../kit/Table.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { formatIn } from '../kit/units.ts';
import { runQuery, screenshotPath } from './api.ts';
import { StepList } from './StepList.tsx';
import { unitOfValue } from './words.ts';

type Detail = Static<typeof RunDetail>;

/** One run: its steps with their times, what came back, and what the browser showed. */
export function RunPage(): ReactNode {
  const { id, slot } = useParams({ from: '/inside/checks/$id/runs/$slot' });
  const found = useQuery(runQuery(id, slot));
  const isGone = found.error instanceof ApiError && found.error.status === 404;
  return (
    <Page
      title={found.data?.name ?? 'A run'}
      above={
        <Link
          to="/checks/$id"
          params={{ id }}
          className="inline-block py-2 wrap-anywhere text-accent underline sm:py-0.5"
        >
          {id}
        </Link>
      }
      status={found.data && <Status of={found.data} />}
    >
      <Scrollable label="The run" className="min-h-0 grow overflow-y-auto border-t border-line">
        {isGone ? <Gone id={id} /> : <Asking of={found} />}
        {found.data && <Known of={found.data} slot={slot} />}
      </Scrollable>
    </Page>
  );
}

function Status({ of: { run } }: { readonly of: Detail }): ReactNode {
  return (
    <>
      <StateMark state={run.state} />
      <TimeText at={run.slot} />
      <span>took {formatDuration(run.durationMs)}</span>
      {run.attempts > 1 && <span>{run.attempts} tries</span>}
      {run.lagMs >= 1 && <span>began {formatDuration(run.lagMs)} late</span>}
      {run.release !== null && <span className="wrap-anywhere">{run.release}</span>}
    </>
  );
}

function Known({ of, slot }: { readonly of: Detail; readonly slot: string }): ReactNode {
  const { run, steps, excerpt, hasScreenshot } = of;
  return (
    <>
      {run.state !== 'ok' && run.summary !== '' && (
        <Notice look={run.state === 'critical' ? 'critical' : 'warning'}>{run.summary}</Notice>
      )}
      <div className="grid gap-x-8 gap-y-6 px-3 py-4 sm:px-5 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-6">
          <Part title="Steps">
            {steps.length === 0 ? (
              <p className="text-soft">It came to no step.</p>
            ) : (
              <StepList label="Steps" of={steps} />
            )}
          </Part>
          {run.performance.length > 0 && (
            <Part title="Measured">
              <Measured of={run} />
            </Part>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          {hasScreenshot && (
            <Part title="What the browser showed">
              <a href={screenshotPath(of.check, slot)}>
                <img
                  src={screenshotPath(of.check, slot)}
                  alt="The page when the step failed"
                  className="max-h-[32rem] max-w-full rounded-normal border border-line"
                />
              </a>
            </Part>
          )}
          <Part title="The last answer">
            {excerpt ? (
              <Excerpt of={excerpt} />
            ) : (
              <p className="text-soft">Nothing is kept: it passed, or no answer came.</p>
            )}
          </Part>
        </div>
      </div>
    </>
  );
}

function Measured({ of: { performance } }: { readonly of: Detail['run'] }): ReactNode {
  return (
    <Table
      label="Measured"
      rows={performance}
      keyOf={({ label }) => label}
      none="Nothing was measured."
      columns={[
        { head: 'What', cell: ({ label }) => <span className="font-mono">{label}</span> },
        ...(['value', 'warning', 'critical'] as const).map((key) => ({
          head: key === 'value' ? 'Value' : key === 'warning' ? 'Warning at' : 'Critical at',
          isNumber: true,
          cell: (one: Detail['run']['performance'][number]) =>
            formatIn(unitOfValue(one.unit), one[key]),
        })),
      ]}
    />
  );
}

function Excerpt({ of }: { readonly of: NonNullable<Detail['excerpt']> }): ReactNode {
  const { url, status, headers, body } = of;
  return (
    <>
      <p className="mb-1 wrap-anywhere">
        <span className="font-semibold">{status}</span>{' '}
        <span className="font-mono text-small">{url}</span>
      </p>
      <dl className="mb-2 grid grid-cols-[minmax(0,10rem)_minmax(0,1fr)] gap-x-3 font-mono text-small wrap-anywhere">
        {Object.entries(headers).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Scrollable
        label="Its body"
        className="max-h-96 overflow-auto rounded-normal border border-line bg-sunken p-2 font-mono text-small"
      >
        <pre className="whitespace-pre-wrap wrap-anywhere">{body === '' ? '(empty)' : body}</pre>
      </Scrollable>
      <p className="mt-1 text-small text-faint">At most 2 KiB of it, without secrets.</p>
    </>
  );
}

function Gone({ id }: { readonly id: string }): ReactNode {
  return (
    <EmptyState
      title="The steps of this run are not kept any more"
      actions={
        <Link to="/checks/$id" params={{ id }} className="font-semibold text-accent underline">
          See the check
        </Link>
      }
    >
      <p>
        Steps and answers are kept of the last runs and of failures. That it was run and how it
        ended is on the stream, as a reading of the type <code className="font-mono">check</code>.
      </p>
    </EmptyState>
  );
}
