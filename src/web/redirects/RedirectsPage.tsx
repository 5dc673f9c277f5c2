import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RedirectMap } from '../../server/api/contract-redirects.ts';
import { ChecksFrame } from '../checks/ChecksFrame.tsx';
import { Asking } from '../kit/Asking.tsx';
import { CardTable } from '../kit/CardTable.tsx';
import { Definitions } from '../kit/Definitions.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { counted, formatCount } from '../kit/format.ts';
import { Scrollable } from '../kit/Scrollable.tsx';
import { Snippet } from '../kit/Snippet.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { mapsQuery, staleAfterMs } from './api.ts';
import { ImportButton } from './ImportButton.tsx';
import { FindingsMark, VerifiedMark } from './VerifiedMark.tsx';
import { definitions } from './words.ts';

/** The redirect maps: whether they are right, and whether they hold. */
export function RedirectsPage(): ReactNode {
  const found = useQuery(mapsQuery);
  const maps = found.data?.maps ?? [];
  const rows = maps.reduce((sum, map) => sum + map.rows, 0);
  return (
    <ChecksFrame
      title="Redirects"
      status={maps.length > 0 && <span>{counted(rows, 'row')}</span>}
      actions={maps.length > 0 && <ImportButton />}
    >
      <Scrollable label="Redirect maps" className="min-h-0 grow overflow-y-auto">
        <Asking of={found} staleAfterMs={staleAfterMs} />
        {found.data && maps.length === 0 && <NoMaps />}
        {maps.length > 0 && (
          <>
            <MapTable of={maps} />
            <Definitions of={definitions} />
          </>
        )}
      </Scrollable>
    </ChecksFrame>
  );
}

function NoMaps(): ReactNode {
  return (
    <EmptyState title="No redirect map yet" actions={<ImportButton />}>
      <p>
        A redirect map says of every address that has moved or gone what it has to answer. It is
        looked through for chains, loops and what ends nowhere, every row of it can be asked for,
        and what is really asked for says which rows nobody uses and which are missing.
      </p>
      <Snippet
        text={
          'Old Url,New Url,Status\n' +
          'http://www.example.org/about-us,https://www.example.org/about,301\n' +
          'http://www.example.org/offers/2019,,410\n'
        }
        label="A redirect map"
        what="map"
      />
    </EmptyState>
  );
}

const heads = [
  ['Map', ''],
  ['Rows', 'number'],
  ['Gone', 'number'],
  ['Findings', ''],
  ['Holds', ''],
  ['Verified', ''],
] as const;

function MapTable({ of }: { readonly of: readonly RedirectMap[] }): ReactNode {
  return (
    <CardTable label="Redirect maps" heads={heads}>
      {of.map((map) => {
        const { name, rows, gone, by, at, revision, verified } = map;
        return (
          <tr key={name} className="border-b border-line/60 hover:bg-sunken">
            <th scope="row" className="text-left font-normal @max-[52rem]/cards:col-span-full!">
              <Link
                to="/redirects/$name"
                params={{ name }}
                className="inline-block py-1 font-semibold wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2 sm:py-0"
              >
                {name}
              </Link>
              <span className="block text-small wrap-anywhere text-faint">
                revision {revision}
                {by !== null && ` by ${by}`}
                {at !== null && (
                  <>
                    {' '}
                    <AgeText at={at} />
                  </>
                )}
              </span>
            </th>
            <td data-name="Rows" className="number">
              {formatCount(rows)}
            </td>
            <td data-name="Gone" className="number">
              {formatCount(gone)}
            </td>
            <td data-name="Findings" className="named">
              <FindingsMark of={map.findings} />
            </td>
            <td data-name="Holds" className="named wide">
              <VerifiedMark of={map} />
            </td>
            <td data-name="Verified" className="named wide">
              {verified ? (
                <span className="wrap-anywhere">
                  <AgeText at={verified.at} />
                  <span className="text-faint">
                    {verified.own ? ' at own addresses' : ` in ${verified.environment}`}
                  </span>
                </span>
              ) : (
                <span className="text-faint">–</span>
              )}
            </td>
          </tr>
        );
      })}
    </CardTable>
  );
}
