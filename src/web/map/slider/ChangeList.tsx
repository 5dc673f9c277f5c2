import type { ReactNode } from 'react';
import type { TimelineAnswer } from '../../../server/api/contract-map-detail.ts';
import { CardTable } from '../../kit/CardTable.tsx';
import { counted } from '../../kit/format.ts';
import { TimeText } from '../../kit/TimeText.tsx';
import { LogLink } from '../../kit/LogLink.tsx';
import { HealthMark } from '../table/HealthMark.tsx';
import { countOf, toldOf } from './moments.ts';
import { becauseOf, type TitleOf } from './words.ts';

const shownAtMost = 50;
const heads = [
  ['What', ''],
  ['Became', ''],
  ['Because of', ''],
  ['Time', ''],
  ['Event', ''],
] as const;

interface ChangeListProps {
  readonly timeline: TimelineAnswer;
  readonly titleOf: TitleOf;
  /** The time that is looked at, ms since the epoch; undefined: now. */
  readonly at: number | undefined;
  /** Shows the map as it was then; left out where there is no map beside it. */
  readonly onGo?: (at: number) => void;
}

/** The last changes of the window, the newest first, each with the event that says so. */
export function ChangeList({ timeline, titleOf, at, onGo }: ChangeListProps): ReactNode {
  const told = toldOf(timeline);
  const shown = told.slice(-shownAtMost).toReversed();
  const all = countOf(timeline);
  if (shown.length === 0)
    return (
      <p className="px-3 py-2 text-soft sm:px-5">
        {timeline.first === null
          ? 'Nothing was recorded yet.'
          : 'No change was recorded in this window.'}
      </p>
    );
  return (
    <>
      <CardTable label="Changes" heads={heads}>
        {shown.map((change) => (
          <tr
            key={`${change.offset} ${change.id}`}
            aria-current={change.time === at ? 'time' : undefined}
            className="border-b border-line/60 aria-[current]:bg-accent-wash"
          >
            <th scope="row" className="text-left font-semibold wrap-anywhere">
              {titleOf(change.id)}
            </th>
            <td className="named" data-name="Became">
              <span className="flex flex-wrap items-center gap-x-2">
                <HealthMark state={change.from} />
                <span className="text-soft">
                  <span aria-hidden="true">→</span>
                  <span className="sr-only">then</span>
                </span>
                <HealthMark state={change.to} />
              </span>
            </td>
            <td className="named text-soft wrap-anywhere" data-name="Because of">
              {becauseOf(change, titleOf)}
            </td>
            <td className="named wide whitespace-nowrap" data-name="Time">
              {onGo ? (
                <button
                  type="button"
                  title="Show the map as it became then"
                  onClick={() => onGo(change.time)}
                  className="min-h-6 text-accent underline"
                >
                  <TimeText at={change.time} />
                </button>
              ) : (
                <TimeText at={change.time} />
              )}
            </td>
            <td className="named" data-name="Event">
              <LogLink of={{ stream: 'facts', offset: change.offset, time: change.time }}>
                fact {change.offset}
              </LogLink>
            </td>
          </tr>
        ))}
      </CardTable>
      {all > shown.length && (
        <p className="px-3 py-2 text-small text-soft sm:px-5">
          The newest {shown.length} of {counted(all, 'change')} in this window.
        </p>
      )}
    </>
  );
}
