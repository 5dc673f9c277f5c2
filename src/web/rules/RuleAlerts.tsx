import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { allAlertsQuery } from '../alerts/api.ts';
import { aboutOf } from '../alerts/order.ts';
import { SeverityMark } from '../alerts/SeverityMark.tsx';
import { Asking } from '../kit/Asking.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { quote } from '../where/quote.ts';

const shownAtMost = 10;

/** The alerts of a rule, what changed last first. */
export function RuleAlerts({ rule }: { readonly rule: string }): ReactNode {
  const where = `name = ${quote(rule)}`;
  const found = useQuery(allAlertsQuery(where));
  const alerts = found.data?.alerts ?? [];
  return (
    <>
      <Asking of={found} />
      {found.data && alerts.length === 0 && <p className="text-soft">It has opened none.</p>}
      <ul>
        {alerts.slice(0, shownAtMost).map((alert) => (
          <li key={alert.id} className="border-b border-line/60 py-1.5 last:border-0">
            <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <SeverityMark severity={alert.severity} isOver={alert.state === 'resolved'} />
              <Link
                to="/alerts/$id"
                params={{ id: alert.id }}
                className="min-w-0 py-1 wrap-anywhere underline decoration-line-strong underline-offset-3"
              >
                {alert.title}
              </Link>
            </div>
            <p className="text-small text-soft">
              {[aboutOf(alert)].filter((text) => text !== '').map((text) => `${text} · `)}
              {alert.resolvedAt === undefined ? (
                <>
                  since <AgeText at={alert.since} />
                </>
              ) : (
                <>
                  over <AgeText at={alert.resolvedAt} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
      {alerts.length > shownAtMost && (
        <Link to="/alerts/history" search={{ where }} className="text-accent underline">
          All {found.data?.matched}
        </Link>
      )}
    </>
  );
}
