import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { EventDrawer } from '../stream/EventDrawer.tsx';
import { keyOf } from '../stream/search.ts';
import { AlertBody } from './AlertBody.tsx';
import { Lasting } from './AlertRow.tsx';
import { alertQuery } from './api.ts';
import { AlertActions } from './AlertActions.tsx';
import { SeverityMark } from './SeverityMark.tsx';

const staleAfterMs = 75_000;

/** One alert: what it is, who has it, why it is, and what happened to it. */
export function AlertPage(): ReactNode {
  const { id } = useParams({ from: '/inside/alerts/$id' });
  const { event: opened } = useSearch({ from: '/inside/alerts/$id' });
  const navigate = useNavigate({ from: '/alerts/$id' });
  const found = useQuery(alertQuery(id));
  const alert = found.data;
  const open = (key: string | undefined): void =>
    void navigate({ search: key === undefined ? {} : { event: key }, replace: true });
  const isUnknown = found.error instanceof ApiError && found.error.status === 404;
  const isOver = alert?.state === 'resolved';
  return (
    <Page
      title={alert?.title ?? 'Alert'}
      above={
        <Link to="/alerts" className="inline-block py-2 text-accent underline sm:py-0.5">
          All alerts
        </Link>
      }
      status={
        alert && (
          <>
            <SeverityMark severity={alert.severity} isOver={isOver} />
            {!isOver && (
              <span className="font-semibold text-ink">
                <Lasting since={alert.since} />
              </span>
            )}
          </>
        )
      }
    >
      <div className="flex min-h-0 grow">
        <Scrollable
          label="The alert"
          className="min-h-0 min-w-0 grow overflow-y-auto border-t border-line"
        >
          {isUnknown ? <Unknown /> : <Asking of={found} staleAfterMs={staleAfterMs} />}
          {alert && (
            <>
              <AlertActions alert={alert} />
              <AlertBody alert={alert} onOpen={(event) => open(keyOf(event))} />
            </>
          )}
        </Scrollable>
        {opened !== undefined && (
          <EventDrawer
            of={opened}
            known={undefined}
            onOpen={(event) => open(keyOf(event))}
            onClose={() => open(undefined)}
          />
        )}
      </div>
    </Page>
  );
}

function Unknown(): ReactNode {
  return (
    <EmptyState
      title="No alert has this address"
      actions={
        <Link to="/alerts/history" className="font-semibold text-accent underline">
          Look among the alerts of the past
        </Link>
      }
    >
      <p>
        It may be so long over that it is no longer kept in memory. Its facts are still on the log,
        in the stream.
      </p>
    </EmptyState>
  );
}
