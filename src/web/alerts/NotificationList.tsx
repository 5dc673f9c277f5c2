import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Notification } from '../../server/api/contract-alerts.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { TimeText } from '../kit/TimeText.tsx';

const marks = { queued: 'warning', sent: 'ok', failed: 'critical', suppressed: 'other' } as const;

/** Why nobody was told, in words; other reasons are said as they came. */
const reasons: Readonly<Record<string, string>> = {
  silenced: 'a silence matched',
  inhibited: 'another open alert explains it',
  flapping: 'it was told once that it flaps',
  'rate-limited': 'the receiver had too many; a digest follows',
  'queue-full': 'too many waited to be sent',
};

interface NotificationListProps {
  readonly rows: readonly Notification[];
  /** Links lead to the alerts in them; not on the page of one. */
  readonly isLinked?: boolean;
}

/** What was sent, what was not, and why. */
export function NotificationList({ rows, isLinked = false }: NotificationListProps): ReactNode {
  return (
    <ul aria-label="Notifications">
      {rows.map((one) => (
        <li
          key={one.id}
          className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-3 border-b border-line/60 py-2 last:border-0"
        >
          <StateMark state={marks[one.state]} word={one.state} />
          <div className="min-w-0">
            <p className="wrap-anywhere">
              <Title of={one} isLinked={isLinked} />
            </p>
            <p className="flex flex-wrap gap-x-3 text-soft">
              <span className="wrap-anywhere">{one.to === '' ? 'to nobody' : `to ${one.to}`}</span>
              <TimeText at={one.done ?? one.queued} />
            </p>
            {one.why !== undefined && (
              <p className="wrap-anywhere">Why: {reasons[one.why] ?? one.why}</p>
            )}
            {one.trouble !== undefined && (
              <p className="wrap-anywhere text-warning">It still waits: {one.trouble}</p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Title({
  of,
  isLinked,
}: {
  readonly of: Notification;
  readonly isLinked: boolean;
}): ReactNode {
  const [only] = of.alerts;
  if (!isLinked || only === undefined || of.alerts.length > 1) return of.title;
  return (
    <Link to="/alerts/$id" params={{ id: only }} className="text-accent underline">
      {of.title}
    </Link>
  );
}
