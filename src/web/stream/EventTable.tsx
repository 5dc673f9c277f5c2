import { Fragment, type KeyboardEvent, memo, type ReactNode, useRef } from 'react';
import type { PlacedEvent } from '../../server/api/contract.ts';
import { formatNumber } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { keyOf, textOf, typeInWords } from './search.ts';

interface EventTableProps {
  readonly label: string;
  readonly rows: readonly PlacedEvent[];
  readonly open: string | undefined;
  readonly onOpen: (event: PlacedEvent) => void;
  /** A line is drawn under this row: above it is what came live. */
  readonly firstLive?: string | undefined;
  /** Full dates: for the past. */
  readonly dated?: boolean;
}

const columns = [
  ['Time', 'w-[7.25rem]'],
  ['Type', 'w-[10.5rem]'],
  ['Service', 'w-[8.5rem]'],
  ['Host', 'w-[8rem]'],
  ['Name', 'w-[12rem]'],
  ['Value', 'w-[6rem] text-right'],
  ['State', 'w-[6.5rem]'],
  ['Text', ''],
] as const;

/** Events, newest first. Arrows move among the rows, Enter or a click opens one. */
export function EventTable(props: EventTableProps): ReactNode {
  const { label, rows, open, onOpen, firstLive, dated = false } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const onKeyDown = (e: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[e.key];
    if (move === undefined || e.ctrlKey || e.metaKey) return;
    const buttons = [...(body.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const next = buttons[at + move];
    if (!next) return;
    e.preventDefault();
    next.focus();
  };
  return (
    <table className="events w-full table-fixed border-collapse" aria-label={label}>
      <thead className="sticky top-0 z-10 bg-page">
        <tr>
          {columns.map(([text, width]) => (
            <th
              key={text}
              scope="col"
              className={`label border-b border-line px-1.5 py-1.5 text-left font-normal first:pl-5 ${text === 'Time' && dated ? 'w-[12rem]' : width}`}
            >
              {text}
            </th>
          ))}
        </tr>
      </thead>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <tbody ref={body} onKeyDown={onKeyDown}>
        {rows.map((event) => {
          const key = keyOf(event);
          return (
            <Fragment key={key}>
              <Row event={event} isOpen={key === open} onOpen={onOpen} dated={dated} />
              {key === firstLive && rows.at(-1) !== event && (
                <tr className="divider">
                  <td
                    colSpan={8}
                    className="border-y border-line bg-sunken/60 px-5 text-tiny text-faint"
                  >
                    ↑ live since <TimeText at={event.received} form="clock" /> · ↓ from history
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly event: PlacedEvent;
  readonly isOpen: boolean;
  readonly onOpen: (event: PlacedEvent) => void;
  readonly dated: boolean;
}

/** Memoised: of 500 rows only those that are new are drawn. */
const Row = memo(function Row({ event, isOpen, onOpen, dated }: RowProps): ReactNode {
  const isFact = event.stream === 'facts';
  const text = textOf(event);
  return (
    // The button in the row is what the keyboard uses; clicking anywhere on the row is a comfort.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <tr
      onClick={() => onOpen(event)}
      className={`arrive cursor-pointer border-b border-line/50 hover:bg-sunken ${isOpen ? 'bg-accent-wash!' : ''}`}
    >
      <td className="cell-time">
        <button
          type="button"
          aria-expanded={isOpen}
          className="rounded-small font-mono text-small text-soft"
        >
          <span className="sr-only">Open event {event.name ?? typeInWords(event.type)} at </span>
          <TimeText at={event.time} form={dated ? 'full' : 'clock'} />
        </button>
      </td>
      <td className="cell-type">
        <span
          className={`flex items-center gap-1.5 ${isFact ? 'font-semibold text-accent' : 'text-soft'}`}
        >
          <StreamMark isFact={isFact} />
          <span className="truncate">{typeInWords(event.type)}</span>
        </span>
      </td>
      <td className="cell-service truncate" title={event.service}>
        {event.service}
      </td>
      <td className="cell-host truncate text-soft" title={event.host}>
        {event.host}
      </td>
      <td className="cell-name truncate" title={event.name}>
        {event.name}
      </td>
      <td
        className="cell-value truncate text-right font-mono text-small"
        title={String(event.metric ?? '')}
      >
        {event.metric === undefined ? '' : formatNumber(event.metric)}
      </td>
      <td className="cell-state">
        {event.state !== undefined && <StateMark state={event.state} />}
      </td>
      <td className="cell-text truncate whitespace-pre! text-soft" title={text}>
        {text}
      </td>
    </tr>
  );
});

/** A full diamond for a fact, a dot for a reading. */
function StreamMark({ isFact }: { readonly isFact: boolean }): ReactNode {
  return (
    <>
      <span className="sr-only">{isFact ? 'Fact' : 'Reading'}</span>
      <svg aria-hidden="true" viewBox="0 0 12 12" className="size-2.5 shrink-0" fill="currentColor">
        {isFact ? <path d="M6 .5L11.5 6 6 11.5.5 6z" /> : <circle cx="6" cy="6" r="2" />}
      </svg>
    </>
  );
}
