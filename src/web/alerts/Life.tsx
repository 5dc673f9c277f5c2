import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { keyOf } from '../stream/search.ts';
import { quote } from '../where/quote.ts';
import type { Alert } from '../../server/api/contract-alerts.ts';
import { type Moment, momentOf } from './moments.ts';

const momentsAtMost = 200;

/** What happened to it, from its facts on the log, newest first. */
export function Life({ alert }: { readonly alert: Alert }): ReactNode {
  const where = `subject = ${quote(alert.subject)}`;
  const found = useQuery({
    queryKey: ['alerts', 'life', alert.subject],
    queryFn: ({ signal }) =>
      api.events({ where, last: '365d', order: 'newest', limit: momentsAtMost }, signal),
  });
  const moments = (found.data?.events ?? []).map(momentOf);
  return (
    <>
      <Asking of={found} />
      {found.data && moments.length === 0 && (
        <p className="text-soft">History has none of its facts yet; they follow within seconds.</p>
      )}
      <ol className="relative ml-1.5 border-l border-line-strong/60">
        {moments.map((moment) => (
          <li key={keyOf(moment.event)} className="relative pb-3 pl-5 last:pb-0">
            <MomentMark moment={moment} />
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-semibold">{moment.words}</span>
              <Link
                to="/stream"
                search={{
                  where,
                  from: at(moment, -1),
                  to: at(moment, 1),
                  event: keyOf(moment.event),
                }}
                className="font-mono text-small text-accent underline"
              >
                <TimeText at={moment.event.time} />
              </Link>
            </p>
            {moment.note !== undefined && <p className="wrap-anywhere text-soft">{moment.note}</p>}
          </li>
        ))}
      </ol>
      {moments.length === momentsAtMost && (
        <p className="text-small text-soft">The last {momentsAtMost}; the stream has the others.</p>
      )}
    </>
  );
}

const at = ({ event }: Moment, seconds: number): string =>
  new Date(event.time + seconds * 1000).toISOString();

const colours = {
  bad: 'text-critical',
  good: 'text-ok',
  person: 'text-accent',
  plain: 'text-soft',
};

function MomentMark({ moment }: { readonly moment: Moment }): ReactNode {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 12 12"
      fill="currentColor"
      className={`absolute top-1 -left-[6.5px] size-3 bg-page ${colours[moment.look]}`}
    >
      {moment.look === 'bad' && <path d="M1.5 1.5h9v9h-9z" />}
      {moment.look === 'good' && <circle cx="6" cy="6" r="4.5" />}
      {moment.look === 'person' && <path d="M6 .5L11.5 6 6 11.5.5 6z" />}
      {moment.look === 'plain' && <circle cx="6" cy="6" r="3" />}
    </svg>
  );
}
