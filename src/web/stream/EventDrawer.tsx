import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { PlacedEvent, Related } from '../../server/api/contract.ts';
import { api } from '../kit/api.ts';
import { CopyButton } from '../kit/CopyButton.tsx';
import { Drawer } from '../kit/Drawer.tsx';
import { formatCount } from '../kit/format.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText, TimeText } from '../kit/TimeText.tsx';
import { EventThread } from '../thread/EventThread.tsx';
import { quote } from '../where/quote.ts';
import { keyOf, typeInWords } from './search.ts';

const titleOf = (event: PlacedEvent): string => event.name ?? typeInWords(event.type);

interface EventDrawerProps {
  /** `readings-1234` */
  readonly of: string;
  /** The event itself where it is at hand; otherwise it is asked for. */
  readonly known: PlacedEvent | undefined;
  readonly onClose: () => void;
  readonly onOpen: (event: PlacedEvent) => void;
}

/** Everything about one event, and what belongs to it. */
export function EventDrawer({ of, known, onClose, onOpen }: EventDrawerProps): ReactNode {
  const [stream = '', offset = ''] = of.split('-');
  const { data, error, isPending } = useQuery({
    queryKey: ['related', of],
    queryFn: ({ signal }) => api.related(stream, Number(offset), signal),
  });
  const event = known ?? data?.event;
  const title = event ? titleOf(event) : 'Event';
  return (
    <Drawer
      key={of}
      title={title}
      onClose={onClose}
      subtitle={
        event && (
          <p className="text-small text-soft">
            {typeInWords(event.type)} · <AgeText at={event.time} />
          </p>
        )
      }
    >
      {event && (
        <>
          <Fields event={event} />
          <EventThread event={event} />
        </>
      )}
      {error && <ErrorNotice error={error} />}
      {isPending && (
        <output className="block px-4 py-3 text-faint">Looking for what belongs to it…</output>
      )}
      {data && <RelatedEvents related={data.related} onOpen={onOpen} />}
      {event && <Raw event={event} />}
    </Drawer>
  );
}

function Fields({ event }: { readonly event: PlacedEvent }): ReactNode {
  const row = (name: string, value: ReactNode): ReactNode =>
    value === undefined || value === false || value === '' ? null : (
      <>
        <dt className="truncate text-faint" title={name}>
          {name}
        </dt>
        <dd className="wrap-anywhere">{value}</dd>
      </>
    );
  return (
    <section aria-label="Fields" className="border-b border-line px-4 py-3">
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1">
        {row('time', <TimeText at={event.time} />)}
        {row('received', <TimeText at={event.received} />)}
        {row('service', event.service)}
        {row('host', event.host)}
        {row('environment', event.environment)}
        {row('subject', event.subject)}
        {row(
          'metric',
          event.metric !== undefined && (
            <span className="flex flex-wrap items-center gap-x-3">
              <span className="font-mono">{String(event.metric)}</span>
              {event.name !== undefined && (
                <Link
                  to="/explore"
                  search={{
                    metric: event.name,
                    ...(event.service !== undefined && {
                      where: `service = ${quote(event.service)}`,
                    }),
                  }}
                  className="text-accent underline"
                >
                  Explore {event.name}
                </Link>
              )}
            </span>
          ),
        )}
        {row('state', event.state !== undefined && <StateMark state={event.state} />)}
        {row('ttl', event.ttl !== undefined && `${event.ttl} s`)}
        {row('tags', event.tags?.join(', '))}
        {Object.entries(event.attributes ?? {}).map(([name, value]) => (
          <div key={name} className="contents">
            {row(name, value)}
          </div>
        ))}
        {row('type', <span className="font-mono text-small">{event.type}</span>)}
        {row('source', <span className="font-mono text-small">{event.source}</span>)}
        {row('id', <span className="font-mono text-small">{event.id}</span>)}
        {row(
          'place in the log',
          <span>
            {event.stream}, offset {formatCount(event.offset)}
          </span>,
        )}
      </dl>
    </section>
  );
}

function RelatedEvents(props: {
  readonly related: Related['related'];
  readonly onOpen: (event: PlacedEvent) => void;
}): ReactNode {
  return (
    <section aria-label="Related events" className="border-b border-line px-4 py-3">
      <h3 className="mb-1 font-semibold">Related events</h3>
      {props.related.length === 0 ? (
        <p className="text-soft">
          Nothing shares its subject, its trace, its chain or a link with it.
        </p>
      ) : (
        <ul className="-mx-2 flex flex-col">
          {props.related.map(({ because, event }) => (
            <li key={keyOf(event)}>
              <button
                type="button"
                onClick={() => props.onOpen(event)}
                className="w-full rounded-normal px-2 py-1 text-left hover:bg-sunken"
              >
                <span className="flex justify-between gap-3">
                  <span className="truncate font-semibold">{titleOf(event)}</span>
                  <span className="shrink-0 font-mono text-small text-soft">
                    <TimeText at={event.time} />
                  </span>
                </span>
                <span className="block text-small wrap-anywhere text-soft">Because: {because}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Raw({ event }: { readonly event: PlacedEvent }): ReactNode {
  const [open, setOpen] = useState(false);
  const json = open ? JSON.stringify(event, null, 2) : '';
  return (
    <details className="px-4 py-3" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary className="cursor-pointer font-semibold">Raw event</summary>
      <div className="mt-2 flex justify-end">
        <CopyButton text={json} what="JSON" />
      </div>
      <Scrollable
        label="Raw event as JSON"
        className="overflow-x-auto rounded-normal border border-line bg-sunken p-3 font-mono text-small"
      >
        <pre>{json}</pre>
      </Scrollable>
    </details>
  );
}
