import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Thread, ThreadEvidence, ThreadThing } from '../../server/api/contract-thread.ts';
import { formatDuration } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { KindMark } from './KindMark.tsx';
import { kindInWords, reasonsOf, shortName, sidesOf, timeOf } from './words.ts';

interface ThreadListProps {
  readonly thread: Thread;
  /** Leads to the event of a fact. */
  readonly eventLink: (of: ThreadEvidence, text: ReactNode) => ReactNode;
}

/** A thread from top to bottom: what led to a thing, the thing itself, what came of it. */
export function ThreadList({ thread, eventLink }: ThreadListProps): ReactNode {
  const { up, focus, down, beside } = sidesOf(thread);
  const things = [...up, ...focus, ...down];
  return (
    <>
      <ol className="relative flex flex-col">
        {things.map((thing, at) => (
          <Row
            key={thing.key}
            thing={thing}
            before={things[at - 1]}
            isLast={at === things.length - 1}
            thread={thread}
            eventLink={eventLink}
          />
        ))}
      </ol>
      {things.length === 1 && (
        <p className="mt-1 text-soft">No other fact hangs together with it so far.</p>
      )}
      {thread.cut && <p className="mt-1 text-soft">There is more: the nearest things are shown.</p>}
      {beside.length > 0 && (
        <p className="mt-2 text-small text-soft">
          Touches{' '}
          {beside.map((thing, at) => (
            <span key={thing.key}>
              {at > 0 && ', '}
              {kindInWords(thing.kind)} <ThingLink thing={thing} />
            </span>
          ))}
        </p>
      )}
    </>
  );
}

interface RowProps extends ThreadListProps {
  readonly thing: ThreadThing;
  readonly before: ThreadThing | undefined;
  readonly isLast: boolean;
}

const sideWords = {
  up: 'before it',
  focus: 'this',
  down: 'after it',
  beside: 'beside it',
} as const;

function Row({ thing, before, isLast, thread, eventLink }: RowProps): ReactNode {
  const isFocus = thing.side === 'focus';
  const gap = before === undefined ? undefined : timeOf(thing) - timeOf(before);
  return (
    <li
      aria-current={isFocus ? 'true' : undefined}
      className={`relative flex gap-2.5 rounded-normal py-1 pr-1 pl-1.5 ${isFocus ? 'bg-accent-wash' : ''}`}
    >
      <span className="flex w-3 shrink-0 flex-col items-center pt-1">
        <KindMark kind={thing.kind} />
        {!isLast && <span aria-hidden="true" className="mt-1 w-px grow bg-line-strong/60" />}
      </span>
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-small text-soft">
            {kindInWords(thing.kind)}
            <span className="sr-only"> {sideWords[thing.side]}</span>
          </span>
          {isFocus ? (
            <span className="font-mono font-semibold wrap-anywhere">{shortName(thing)}</span>
          ) : (
            <ThingLink thing={thing} />
          )}
          {thing.state !== undefined && <StateMark state={thing.state} />}
        </p>
        {thing.title !== undefined && <p className="wrap-anywhere">{thing.title}</p>}
        <p className="flex flex-wrap gap-x-2 text-small text-soft">
          {thing.first ? (
            eventLink(thing.first, <TimeText at={thing.first.time} />)
          ) : (
            <span>
              named at <TimeText at={thing.seen} />
            </span>
          )}
          {gap !== undefined && <span>{gapInWords(gap)}</span>}
          {thing.first?.who !== undefined && <span>by {thing.first.who}</span>}
        </p>
        <Notes thing={thing} thread={thread} eventLink={eventLink} />
      </div>
    </li>
  );
}

function Notes({
  thing,
  thread,
  eventLink,
}: ThreadListProps & { readonly thing: ThreadThing }): ReactNode {
  const { first, last, leftOut } = thing;
  return (
    <ul className="text-small text-soft">
      {reasonsOf(thing, thread).map(({ words, other, edge }) => (
        <li key={`${edge.kind} ${other.key}`} className="wrap-anywhere">
          {edge.certainty === 'suspected' && (
            <strong className="font-semibold text-warning">Suspected, not stated: </strong>
          )}
          {eventLink(edge.evidence, words)} {kindInWords(other.kind)} {shortName(other)}
          {edge.certainty === 'derived' && ', which descends from it'}
        </li>
      ))}
      {first && last && last.time > first.time && (
        <li>
          {eventLink(last, last.what ?? 'last fact')} {formatDuration(last.time - first.time)} later
        </li>
      )}
      {leftOut > 0 && <li>{leftOut} things hang on it that are not shown</li>}
    </ul>
  );
}

const gapInWords = (ms: number): string =>
  ms < 0
    ? `${formatDuration(-ms)} earlier`
    : ms === 0
      ? 'at the same time'
      : `+${formatDuration(ms)}`;

function ThingLink({ thing }: { readonly thing: ThreadThing }): ReactNode {
  return (
    <Link
      to="/thread"
      search={{ of: thing.key }}
      className="font-mono wrap-anywhere text-accent underline"
    >
      {shortName(thing)}
    </Link>
  );
}
