import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Asking } from '../kit/Asking.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { AlertsFrame } from './AlertsFrame.tsx';
import { notificationsQuery } from './api.ts';
import { NotificationList } from './NotificationList.tsx';

/** Everything that was told or kept quiet, about all alerts. */
export function NotificationsPage(): ReactNode {
  const found = useQuery(notificationsQuery());
  const rows = found.data?.notifications ?? [];
  return (
    <AlertsFrame
      title="Notifications"
      status={found.data && found.data.waiting > 0 && `${found.data.waiting} wait to be sent`}
    >
      <Asking of={found} />
      {found.data && rows.length === 0 && (
        <EmptyState title="Nobody was told anything yet">
          <p>
            Who is told of which alerts, and by what way (mail, webhook, browser), is set under{' '}
            <code className="font-mono">alerts</code> in the configuration file. What is sent, fails
            or is kept quiet stands here with the reason.
          </p>
        </EmptyState>
      )}
      {rows.length > 0 && (
        <div className="max-w-4xl px-3 py-2 sm:px-5">
          <NotificationList rows={rows} isLinked />
          <p className="mt-3 max-w-[75ch] text-small text-faint">
            Queued is durable: it is sent after a restart too. Sent means that the receiver took it;
            failed, that the tries were used up; suppressed, that it was not sent on purpose.
          </p>
        </div>
      )}
    </AlertsFrame>
  );
}
