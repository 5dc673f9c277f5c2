import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Thread } from '../../server/api/contract-thread.ts';
import { TimeText } from '../kit/TimeText.tsx';
import { KindMark } from './KindMark.tsx';
import { kindInWords } from './words.ts';

/** What a text may mean, to choose one of. */
export function Matches({ thread }: { readonly thread: Thread }): ReactNode {
  return (
    <>
      <p className="mb-1 text-soft">This may mean {thread.matches.length} things:</p>
      <ul>
        {thread.matches.map(({ key, kind, name, title, seen }) => (
          <li key={key} className="flex gap-2.5 py-1">
            <span className="pt-1">
              <KindMark kind={kind} />
            </span>
            <div className="min-w-0">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <span className="text-small text-soft">{kindInWords(kind)}</span>
                <Link
                  to="/thread"
                  search={{ of: key }}
                  className="font-mono wrap-anywhere text-accent underline"
                >
                  {name}
                </Link>
              </p>
              <p className="text-small text-soft">
                {title !== undefined && `${title}, `}since <TimeText at={seen} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
