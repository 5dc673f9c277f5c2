import type { ReactNode } from 'react';
import { TimeText } from '../kit/TimeText.tsx';
import { typeInWords } from '../stream/search.ts';
import { EventLink } from './EventLink.tsx';
import type { Alert } from '../../server/api/contract-alerts.ts';

/** The changes that came before, the most suspicious first, each with why it stands here. */
export function Suspects({ alert }: { readonly alert: Alert }): ReactNode {
  const { suspects } = alert;
  if (suspects === undefined)
    return (
      <p className="max-w-[75ch] text-soft">
        The rule does not ask for changes that came before. Add{' '}
        <code className="font-mono">.suspects()</code> before its{' '}
        <code className="font-mono">.alert()</code>.
      </p>
    );
  if (suspects.length === 0)
    return (
      <p className="text-soft">
        No change is known in the time before it. Changes are seen only where deploys and commits
        are sent as events.
      </p>
    );
  const most = Math.max(...suspects.map((suspect) => suspect.score));
  return (
    <>
      <ol className="flex flex-col gap-3">
        {suspects.map((suspect) => (
          <li
            key={`${suspect.source} ${suspect.id}`}
            className="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-3"
          >
            <span
              className="mt-2 h-1.5 overflow-hidden rounded-full bg-line"
              title={`score ${suspect.score}`}
            >
              <span
                className="block h-full bg-accent"
                style={{ width: `${most > 0 ? (100 * suspect.score) / most : 0}%` }}
              />
            </span>
            <div className="min-w-0">
              <EventLink {...suspect}>{suspect.what}</EventLink>
              <p className="flex flex-wrap gap-x-3 text-soft">
                <TimeText at={suspect.time} />
                <span>{typeInWords(suspect.type)}</span>
              </p>
              <p className="text-soft">Because: {suspect.because.join(', ')}</p>
            </div>
          </li>
        ))}
      </ol>
      <p className="mt-3 max-w-[75ch] text-small text-faint">
        A suspect came before and is near; it is not proven to be the cause. The bar compares within
        this list only.
      </p>
    </>
  );
}
