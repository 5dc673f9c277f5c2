import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Alert } from '../../server/api/contract-alerts.ts';
import type { Deploy } from '../../server/api/contract-deploys.ts';
import { allAlertsQuery } from '../alerts/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { quote } from '../where/quote.ts';

/** So long after a deploy an alert is looked at as what may come of it, ms. */
const lookMs = 24 * 3_600_000;

/** What came after: the alerts of the application, those first that name this deploy as a suspect. */
export function Aftermath({ deploy }: { readonly deploy: Deploy }): ReactNode {
  const { app, started } = deploy;
  const found = useQuery(allAlertsQuery(`service = ${quote(app)}`));
  if (started === null) return null;
  const alerts = (found.data?.alerts ?? [])
    .filter(({ openedAt }) => openedAt >= started && openedAt <= started + lookMs)
    .map((alert) => ({ alert, accuses: accuses(alert, deploy) }))
    .toSorted(
      (a, b) => Number(b.accuses) - Number(a.accuses) || a.alert.openedAt - b.alert.openedAt,
    );
  return (
    <>
      <Asking of={found} />
      {found.data && alerts.length === 0 && (
        <p className="text-soft">
          No alert of {app} was opened in the 24 h from its start on. Rules with{' '}
          <code className="font-mono">.suspects()</code> or{' '}
          <code className="font-mono">moved()</code> are what looks.
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {alerts.map(({ alert, accuses: isSuspect }) => (
          <li key={alert.id} className="flex flex-wrap items-baseline gap-x-3">
            <StateMark
              state={alert.state === 'open' ? alert.severity : 'ok'}
              word={alert.state === 'open' ? alert.severity : 'over'}
            />
            <Link
              to="/alerts/$id"
              params={{ id: alert.id }}
              className="wrap-anywhere text-accent underline"
            >
              {alert.title}
            </Link>
            <span className="text-small text-soft">
              <TimeText at={alert.openedAt} />
              {isSuspect && '; this deploy is among its suspects'}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Whether an alert names a fact of this deploy among the changes that came before it. */
function accuses({ suspects = [] }: Alert, { app, environment, version }: Deploy): boolean {
  return suspects.some(
    ({ id, what }) =>
      id.startsWith(`deploy/${encodeURIComponent(app)}/${encodeURIComponent(environment)}/`) &&
      what.includes(version),
  );
}
