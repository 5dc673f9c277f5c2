import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Asking } from '../kit/Asking.tsx';
import { CardTable } from '../kit/CardTable.tsx';
import { counted } from '../kit/format.ts';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { ReleaseTabs } from '../releases/ReleaseTabs.tsx';
import { releasesAppsQuery } from './api.ts';
import { NothingBuilt } from './NothingBuilt.tsx';

const heads = [
  ['Application', ''],
  ['Newest', ''],
  ['Built', ''],
  ['Releases', 'number'],
  ['Owner', ''],
] as const;

/** Applications of which there are releases on this server. */
export function ArtefactsPage(): ReactNode {
  const found = useQuery(releasesAppsQuery);
  const apps = found.data?.apps ?? [];
  return (
    <Page
      title="Artefacts"
      status={found.data && <span>{counted(apps.length, 'application')}</span>}
    >
      <ReleaseTabs />
      <Scrollable label="Artefacts" className="min-h-0 grow overflow-auto">
        <Asking of={found} />
        {found.data && apps.length === 0 && <NothingBuilt />}
        {apps.length > 0 && (
          <CardTable label="Applications with releases" heads={heads}>
            {apps.map(({ app, releases, owner, latest }) => (
              <tr key={app} className="border-b border-line/60 hover:bg-sunken">
                <th scope="row" className="text-left font-normal">
                  <Link
                    to="/releases/$app/artefacts"
                    params={{ app }}
                    className="inline-block py-1 font-semibold wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2"
                  >
                    {app}
                  </Link>
                </th>
                <td data-name="Newest" className="named">
                  <span className="font-mono wrap-anywhere">{latest.version}</span>
                </td>
                <td data-name="Built" className="named">
                  <AgeText at={latest.builtAt} />
                </td>
                <td data-name="Releases" className="number">
                  {releases}
                </td>
                <td data-name="Owner" className="named wrap-anywhere">
                  {owner ?? <span className="text-faint">not said</span>}
                </td>
              </tr>
            ))}
          </CardTable>
        )}
      </Scrollable>
    </Page>
  );
}
