import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { Tabs } from '../shell/Tabs.tsx';
import { openAlertsQuery, silencesQuery } from './api.ts';

interface AlertsFrameProps {
  readonly title: string;
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** What the pages of this place have in common: the title, the way among them, one scrolling part. */
export function AlertsFrame({ title, status, actions, children }: AlertsFrameProps): ReactNode {
  const open = useQuery(openAlertsQuery);
  const silences = useQuery(silencesQuery);
  return (
    <Page title={title} status={status} actions={actions}>
      <Tabs
        label="Alerts"
        tabs={[
          { to: '/alerts', text: 'Now', count: open.data?.alerts.length },
          { to: '/alerts/history', text: 'History' },
          {
            to: '/alerts/silences',
            text: 'Silences',
            count: silences.data?.silences.filter((silence) => silence.state === 'active').length,
          },
          { to: '/alerts/notifications', text: 'Notifications' },
        ]}
      />
      <Scrollable label={title} className="min-h-0 grow overflow-y-auto">
        {children}
      </Scrollable>
    </Page>
  );
}
