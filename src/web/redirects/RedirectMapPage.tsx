import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RedirectMapAnswer } from '../../server/api/contract-redirects.ts';
import { ApiError } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { Definitions } from '../kit/Definitions.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { counted } from '../kit/format.ts';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { mapQuery, staleAfterMs, textPath } from './api.ts';
import { FindingsPart } from './FindingsPart.tsx';
import { ImportButton } from './ImportButton.tsx';
import { RemoveButton } from './RemoveButton.tsx';
import { UsagePart } from './UsagePart.tsx';
import { VerifiedMark } from './VerifiedMark.tsx';
import { VerifyPart } from './VerifyPart.tsx';
import { definitions } from './words.ts';

/** One redirect map: whether it holds, what is wrong in it, and what is really asked for. */
export function RedirectMapPage(): ReactNode {
  const { name } = useParams({ from: '/inside/redirects/$name' });
  const found = useQuery(mapQuery(name));
  const map = found.data?.map;
  const isUnknown = found.error instanceof ApiError && found.error.status === 404;
  return (
    <Page
      title={name}
      above={
        <Link to="/redirects" className="inline-block py-2 text-accent underline sm:py-0.5">
          Redirects
        </Link>
      }
      status={
        map && (
          <>
            <VerifiedMark of={map} />
            <span>{counted(map.rows, 'row')}</span>
            <span className="wrap-anywhere">
              revision {map.revision}
              {map.by !== null && ` by ${map.by}`}
              {map.at !== null && (
                <>
                  {' '}
                  <AgeText at={map.at} />
                </>
              )}
            </span>
          </>
        )
      }
      actions={
        map && (
          <>
            <a
              href={textPath(name)}
              download={`${name}.csv`}
              className="inline-flex h-8 items-center rounded-normal px-2 text-accent underline"
            >
              Download
            </a>
            <ImportButton name={name} />
            <RemoveButton name={name} />
          </>
        )
      }
    >
      <Scrollable label="The map" className="min-h-0 grow overflow-y-auto border-t border-line">
        {isUnknown ? <NoSuchMap name={name} /> : <Asking of={found} staleAfterMs={staleAfterMs} />}
        {found.data && !isUnknown && <Known of={found.data} />}
      </Scrollable>
    </Page>
  );
}

function Known({ of }: { readonly of: RedirectMapAnswer }): ReactNode {
  const { map, byRule, findings, wrong } = of;
  return (
    <>
      <div className="flex flex-col gap-6 px-3 py-4 sm:px-5">
        <VerifyPart of={map} wrong={wrong} />
        <FindingsPart of={map} byRule={byRule} findings={findings} />
        <UsagePart name={map.name} />
      </div>
      <Definitions of={definitions} />
    </>
  );
}

function NoSuchMap({ name }: { readonly name: string }): ReactNode {
  return (
    <EmptyState
      title="No such map"
      actions={
        <Link to="/redirects" className="font-semibold text-accent underline">
          See those that there are
        </Link>
      }
    >
      <p>
        There is no redirect map <code className="font-mono wrap-anywhere">{name}</code> now. What
        it was stands on the stream.
      </p>
    </EmptyState>
  );
}
