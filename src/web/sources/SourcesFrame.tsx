import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { Tabs } from '../shell/Tabs.tsx';
import { intakesQuery, sendersQuery } from './api.ts';

interface SourcesFrameProps {
  readonly title: string;
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** What the pages of this place have in common. */
export function SourcesFrame({ title, status, actions, children }: SourcesFrameProps): ReactNode {
  const senders = useQuery(sendersQuery);
  const intakes = useQuery(intakesQuery);
  return (
    <Page title={title} status={status} actions={actions}>
      <Tabs
        label="Sources"
        tabs={[
          { to: '/sources', text: 'Senders', count: senders.data?.senders.length },
          {
            to: '/sources/intakes',
            text: 'Ways in',
            count: intakes.data?.filter(({ state }) => state === 'listening').length,
          },
          { to: '/sources/webhooks', text: 'Webhooks' },
          { to: '/sources/add', text: 'Add a source' },
        ]}
      />
      <Scrollable label={title} className="min-h-0 grow overflow-y-auto">
        {children}
      </Scrollable>
    </Page>
  );
}
