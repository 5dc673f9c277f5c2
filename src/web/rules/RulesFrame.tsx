import type { ReactNode } from 'react';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { Tabs } from '../shell/Tabs.tsx';

interface RulesFrameProps {
  readonly title: string;
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** What the pages of this place have in common. */
export function RulesFrame({ title, status, actions, children }: RulesFrameProps): ReactNode {
  return (
    <Page title={title} status={status} actions={actions}>
      <Tabs
        label="Rules"
        tabs={[
          { to: '/rules', text: 'Running' },
          { to: '/rules/backtest', text: 'Backtest' },
          { to: '/rules/library', text: 'Ready rules' },
        ]}
      />
      <Scrollable label={title} className="min-h-0 grow overflow-y-auto">
        {children}
      </Scrollable>
    </Page>
  );
}
