import type { ReactNode } from 'react';
import { Tabs } from '../shell/Tabs.tsx';

/** The pages about releases. */
export const ReleaseTabs = (): ReactNode => (
  <Tabs
    label="Releases"
    tabs={[
      { to: '/releases', text: 'What runs where' },
      { to: '/deploys', text: 'Deploys' },
      { to: '/deploys/calendar', text: 'Calendar' },
      { to: '/artefacts', text: 'Artefacts' },
    ]}
  />
);
