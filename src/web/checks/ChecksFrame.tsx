import type { ReactNode } from 'react';
import { Page } from '../kit/Page.tsx';
import { Tabs } from '../shell/Tabs.tsx';

interface ChecksFrameProps {
  readonly title: string;
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** What the pages of checks have in common. */
export function ChecksFrame({ title, status, actions, children }: ChecksFrameProps): ReactNode {
  return (
    <Page title={title} status={status} actions={actions}>
      <Tabs
        label="Checks"
        tabs={[
          { to: '/checks', text: 'Checks' },
          { to: '/checks/features', text: 'Features' },
          { to: '/checks/steps', text: 'Steps' },
          { to: '/checks/flakes', text: 'Flakes' },
          { to: '/checks/budgets', text: 'Budgets' },
          { to: '/redirects', text: 'Redirects' },
        ]}
      />
      {children}
    </Page>
  );
}
