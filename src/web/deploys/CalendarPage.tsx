import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Calendar } from '../../server/api/contract-gates.ts';
import { get } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { useNow } from '../kit/clock.ts';
import { Definitions } from '../kit/Definitions.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { formatDay, formatTime, zoneName } from '../kit/format.ts';
import { Page } from '../kit/Page.tsx';
import { useZone, type Zone } from '../kit/preferences.ts';
import { Scrollable } from '../kit/Scrollable.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { ReleaseTabs } from '../releases/ReleaseTabs.tsx';
import { type Entry, daysOf, kindMarks, rangeAround } from './agenda.ts';

const refreshMs = 30_000;

/** What is known of the days around now: nobody enters anything here, all of it follows. */
export function CalendarPage(): ReactNode {
  const zone = useZone();
  const now = useNow();
  const { from, to } = rangeAround(now);
  const found = useQuery({
    queryKey: ['deploys', 'calendar', from],
    queryFn: ({ signal }) =>
      get<Calendar>(`/api/v1/releases/calendar?from=${from}&to=${to}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const days = found.data ? daysOf(found.data, zone) : [];
  return (
    <Page
      title="Calendar of releases"
      status={<span>two weeks, {zoneName(zone)}</span>}
      actions={
        <a href="/api/v1/releases/calendar.ics" className="text-accent underline">
          As iCalendar
        </a>
      }
    >
      <ReleaseTabs />
      <Scrollable label="Calendar of releases" className="min-h-0 grow overflow-y-auto">
        <Asking of={found} staleAfterMs={3 * refreshMs} />
        {found.data && days.length === 0 && <NothingKnown />}
        {days.map(({ day, entries }) => (
          <section
            key={day}
            aria-label={day}
            className="grid gap-x-6 border-b border-line px-3 py-3 sm:grid-cols-[12rem_minmax(0,1fr)] sm:px-5"
          >
            <h2 className={`font-semibold ${day === formatDay(now, zone) ? 'text-accent' : ''}`}>
              {dayWords(day, now, zone)}
            </h2>
            <ul className="flex flex-col gap-1.5">
              {entries.map((entry) => (
                <Row key={`${entry.uid} ${entry.from}`} entry={entry} zone={zone} now={now} />
              ))}
            </ul>
          </section>
        ))}
        {found.data && found.data.cut > 0 && (
          <p className="px-3 py-2 text-small text-soft sm:px-5">
            {found.data.cut} more are left out here.
          </p>
        )}
        <Definitions of={definitions} />
      </Scrollable>
    </Page>
  );
}

function dayWords(day: string, now: number, zone: Zone): ReactNode {
  const weekday = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' });
  const today = formatDay(now, zone) === day;
  return (
    <>
      {today ? 'Today' : weekday.format(Date.parse(`${day}T00:00Z`))}
      <span className="ml-2 font-normal text-soft tabular-nums">{day}</span>
    </>
  );
}

function Row(props: { readonly entry: Entry; readonly zone: Zone; readonly now: number }) {
  const { entry, zone, now } = props;
  const [mark, word] = kindMarks[entry.kind];
  const isPast = (entry.to ?? entry.from) < now;
  return (
    <li
      className={`grid grid-cols-[7rem_minmax(0,1fr)] items-baseline gap-x-3 sm:grid-cols-[8rem_6rem_minmax(0,1fr)] ${isPast ? 'text-soft' : ''}`}
    >
      <span className="tabular-nums">{spanWords(entry, zone)}</span>
      <StateMark state={mark} word={word} />
      <span className="col-span-2 wrap-anywhere sm:col-span-1">
        {entry.title}
        {entry.text !== '' && entry.text !== entry.title && (
          <span className="block text-small whitespace-pre-line text-soft">{entry.text}</span>
        )}
      </span>
    </li>
  );
}

/** `09:30 to 17:00`; with the day where it ends on another one. */
function spanWords({ from, to }: Entry, zone: Zone): string {
  const clock = (at: number): string => formatTime(at, zone).slice(11, 16);
  if (to === undefined) return clock(from);
  const sameDay = formatDay(from, zone) === formatDay(to, zone);
  return `${clock(from)} – ${sameDay ? clock(to) : formatTime(to, zone).slice(5, 16)}`;
}

const NothingKnown = (): ReactNode => (
  <EmptyState title="Nothing is known of these two weeks">
    <p>
      Windows, freezes and locks stand here once they are declared, deploys once they are told of,
      reserved times once somebody reserves one. Nothing is entered here by hand.
    </p>
  </EmptyState>
);

const definitions = [
  ['Window', 'Deploys go out in it; where an environment has any, only in one of them.'],
  ['Freeze', 'Nothing goes out but by a gatekeeper who breaks the glass.'],
  ['Reserved', 'Kept for one application: deploys of others in that environment wait.'],
  ['Queued', 'Waits for its turn; its place is by how long deploys of its lane took before.'],
] as const;
