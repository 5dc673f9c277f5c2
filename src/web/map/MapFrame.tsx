import type { ReactNode } from 'react';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { Tabs } from '../shell/Tabs.tsx';
import { useMapNow } from './store.ts';

interface MapFrameProps {
  readonly title: string;
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  /** The page fills what is left of the window by itself, and does not scroll as a whole. */
  readonly isFixed?: boolean;
  readonly children: ReactNode;
}

/** What the pages of the map have in common: the title, the way among them, one scrolling part. */
export function MapFrame(props: MapFrameProps): ReactNode {
  const { title, status, actions, isFixed = false, children } = props;
  const problems = useMapNow()?.problems.length;
  return (
    <Page title={title} status={status} actions={actions}>
      <Tabs
        label="Map"
        tabs={[
          { to: '/map', text: 'Picture' },
          { to: '/map/table', text: 'Table' },
          { to: '/map/problems', text: 'Off the map', count: problems },
          { to: '/map/times', text: 'Times' },
          { to: '/map/processes', text: 'Processes' },
          { to: '/map/source', text: 'File' },
        ]}
      />
      {isFixed ? (
        <div className="flex min-h-0 grow flex-col">{children}</div>
      ) : (
        <Scrollable label={title} className="min-h-0 grow overflow-y-auto">
          {children}
        </Scrollable>
      )}
    </Page>
  );
}
