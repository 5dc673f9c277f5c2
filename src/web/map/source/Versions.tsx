import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { MapVersion } from '../../../server/api/contract-map.ts';
import { Asking } from '../../kit/Asking.tsx';
import { Button } from '../../kit/Button.tsx';
import { AgeText, TimeText } from '../../kit/TimeText.tsx';
import { LogLink } from '../../kit/LogLink.tsx';
import { versionsQuery } from './api.ts';

const shownAtFirst = 8;

/** Who changed what of the map when, the newest first; each leads to the map as it was then. */
export function Versions(): ReactNode {
  const found = useQuery(versionsQuery);
  const [isAll, setAll] = useState(false);
  const versions = found.data?.versions.toReversed() ?? [];
  return (
    <section aria-labelledby="map-versions">
      <h2 id="map-versions" className="font-semibold">
        Versions
      </h2>
      <Asking of={found} />
      {found.data && versions.length === 0 && <p className="text-soft">None yet.</p>}
      <ol className="mt-1 flex flex-col">
        {versions.slice(0, isAll ? undefined : shownAtFirst).map((version) => (
          <li key={version.offset} className="border-b border-line/60 py-1.5 last:border-0">
            <OneVersion version={version} />
          </li>
        ))}
      </ol>
      {!isAll && versions.length > shownAtFirst && (
        <Button look="quiet" onClick={() => setAll(true)}>
          All {versions.length}
        </Button>
      )}
    </section>
  );
}

function OneVersion({ version }: { readonly version: MapVersion }): ReactNode {
  const { time, by, offset, added, removed, changed } = version;
  const parts = [
    ['added', '+', added],
    ['removed', '−', removed],
    ['changed', '~', changed],
  ] as const;
  const some = parts.filter(([, , ids]) => ids.length > 0);
  return (
    <>
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span>
          <LogLink of={{ stream: 'facts', offset, time }}>
            <TimeText at={time} />
          </LogLink>
        </span>
        <span className="text-small text-faint">
          <AgeText at={time} />
        </span>
      </p>
      <p className="text-small text-soft">
        by {by === 'file' ? 'a change of the file' : by} ·{' '}
        <Link
          to="/map"
          search={{ at: new Date(time).toISOString() }}
          className="text-accent underline"
        >
          the map then
        </Link>
      </p>
      {some.length > 0 && (
        <details className="text-small">
          <summary className="min-h-6 cursor-pointer text-soft">
            {some.map(([word, , ids]) => `${ids.length} ${word}`).join(', ')}
          </summary>
          <ul className="font-mono">
            {some.flatMap(([word, sign, ids]) =>
              ids.map((id) => (
                <li key={`${word} ${id}`} className="wrap-anywhere">
                  <span aria-hidden="true" className="text-faint">
                    {sign}{' '}
                  </span>
                  <span className="sr-only">{word} </span>
                  {id}
                </li>
              )),
            )}
          </ul>
        </details>
      )}
      {some.length === 0 && (
        <p className="text-small text-faint">nothing of what it says changed</p>
      )}
    </>
  );
}
