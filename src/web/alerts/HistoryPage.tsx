import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Asking } from '../kit/Asking.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { formatDuration } from '../kit/format.ts';
import { AgeText, TimeText } from '../kit/TimeText.tsx';
import { WhereField } from '../where/WhereField.tsx';
import { AlertsFrame } from './AlertsFrame.tsx';
import { Lasting } from './AlertRow.tsx';
import { allAlertsQuery } from './api.ts';
import type { Alert, Alerts } from '../../server/api/contract-alerts.ts';
import { aboutOf } from './order.ts';
import { SeverityMark } from './SeverityMark.tsx';

/** Those that are open first, then those that were, what ended last first. */
export function HistoryPage(): ReactNode {
  const { where = '' } = useSearch({ from: '/inside/alerts/history' });
  const navigate = useNavigate({ from: '/alerts/history' });
  const found = useQuery(allAlertsQuery(where));
  const alerts = found.data?.alerts ?? [];
  const set = (next: string): void => void navigate({ search: next === '' ? {} : { where: next } });
  return (
    <AlertsFrame title="Alerts of the past" status={found.data && countOf(found.data)}>
      <div className="flex border-b border-line px-3 py-2 sm:px-5">
        <WhereField
          key={where}
          label="Filter"
          isFilter
          value={where}
          onChange={set}
          placeholder={'Only alerts where…, e.g. service = "shop" or name = "http-errors"'}
        />
      </div>
      <Asking of={found} />
      {found.data && alerts.length === 0 && (
        <EmptyState title={where === '' ? 'No alert has been opened yet' : 'No alert matches'}>
          <p>
            {where === ''
              ? 'Alerts stand here from the moment a rule opens the first one.'
              : 'In alerts, name is the rule and state the severity; service, host and environment are what they are in events.'}
          </p>
        </EmptyState>
      )}
      <ul>
        {alerts.map((alert) => (
          <PastRow key={alert.id} alert={alert} />
        ))}
      </ul>
    </AlertsFrame>
  );
}

const countOf = ({ alerts, matched }: Alerts): string =>
  matched > alerts.length ? `${alerts.length} of ${matched}` : `${matched} known`;

function PastRow({ alert }: { readonly alert: Alert }): ReactNode {
  const isOver = alert.state === 'resolved';
  const about = aboutOf(alert);
  return (
    <li className="border-b border-line px-3 py-2 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <SeverityMark severity={alert.severity} isOver={isOver} />
        <Link
          to="/alerts/$id"
          params={{ id: alert.id }}
          className="min-w-0 py-1 text-lead wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2 sm:py-0"
        >
          {alert.title}
        </Link>
      </div>
      <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-soft">
        <TimeText at={alert.since} />
        <span className="font-semibold text-ink">
          {alert.resolvedAt === undefined ? (
            <Lasting since={alert.since} />
          ) : (
            formatDuration(Math.floor((alert.resolvedAt - alert.since) / 1000) * 1000)
          )}
        </span>
        {alert.resolvedAt !== undefined && (
          <span>
            over <AgeText at={alert.resolvedAt} />
            {alert.resolvedBy !== undefined && `, ended by ${alert.resolvedBy}`}
          </span>
        )}
        {about !== '' && <span className="wrap-anywhere">{about}</span>}
        <span className="text-faint">{alert.rule}</span>
        {alert.episode > 1 && <span>open for the {ordinal(alert.episode)} time</span>}
      </p>
    </li>
  );
}

/** 2nd, 3rd, 11th. */
function ordinal(n: number): string {
  const last = n % 100 > 10 && n % 100 < 14 ? 0 : n % 10;
  return `${n}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}
