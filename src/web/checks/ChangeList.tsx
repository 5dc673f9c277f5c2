import { type ReactNode, useState } from 'react';
import type { Static } from 'typebox';
import type { CheckChange } from '../../server/api/contract-checks.ts';
import { Button } from '../kit/Button.tsx';
import { LogLink } from '../kit/LogLink.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { TimeText } from '../kit/TimeText.tsx';

const shownAtFirst = 12;

/** What happened to a check, the newest first; each leads to its fact. */
export function ChangeList({
  of,
}: {
  readonly of: readonly Static<typeof CheckChange>[];
}): ReactNode {
  const [isAll, setAll] = useState(false);
  if (of.length === 0) return <p className="text-soft">Nothing yet.</p>;
  const shown = isAll ? of : of.slice(0, shownAtFirst);
  return (
    <>
      <ol aria-label="What happened to it" className="flex flex-col">
        {shown.map(({ at, what, text, offset }) => (
          <li
            key={`${offset} ${at} ${what}`}
            className="grid grid-cols-[9.5rem_minmax(0,1fr)] gap-x-3 border-b border-line/60 py-1 last:border-0"
          >
            <LogLink of={{ stream: 'facts', offset, time: at }}>
              <TimeText at={at} />
            </LogLink>
            <span className="min-w-0">
              <StateMark state={what} />
              {text !== null && (
                <span title={text} className="line-clamp-3 text-small wrap-anywhere text-soft">
                  {text}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
      {of.length > shown.length && (
        <Button look="quiet" onClick={() => setAll(true)}>
          All {of.length}
        </Button>
      )}
    </>
  );
}
