import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { PlacedEvent } from '../../server/api/contract.ts';
import { Segmented } from '../kit/Segmented.tsx';
import { WhereField } from '../where/WhereField.tsx';
import './event-table.css';
import { EventDrawer } from './EventDrawer.tsx';
import { Live } from './Live.tsx';
import { Past } from './Past.tsx';
import { keyOf, type StreamSearch, whereOf } from './search.ts';

const streams = [
  ['both', 'Both'],
  ['facts', 'Facts'],
  ['readings', 'Readings'],
] as const;

/** The live tail of everything, or, with a range in the address, the events of that time. */
export function StreamPage(): ReactNode {
  const search = useSearch({ from: '/inside/stream' });
  const navigate = useNavigate({ from: '/stream' });
  const change = (
    next: Partial<Record<keyof StreamSearch, string | undefined>>,
    replace = false,
  ): void => {
    const merged = Object.entries({ ...search, ...next }).filter(
      ([, v]) => v !== undefined && v !== '',
    );
    void navigate({ search: Object.fromEntries(merged), replace });
  };
  const where = search.where ?? '';
  const filter = (
    <div className="flex flex-wrap items-start gap-2 border-b border-line px-3 pb-3 sm:px-5">
      <WhereField
        key={where}
        label="Filter"
        isFilter
        value={where}
        onChange={(next) => change({ where: next })}
        placeholder={'Filter, e.g. service = "shop" and state != "ok"'}
      />
      <Segmented
        label="Which stream"
        value={search.stream === 'facts' || search.stream === 'readings' ? search.stream : 'both'}
        options={streams}
        onChange={(chosen) => change({ stream: chosen === 'both' ? undefined : chosen })}
      />
    </div>
  );
  const open = (event: PlacedEvent): void => change({ event: keyOf(event) }, true);
  const drawer = (known: PlacedEvent | undefined): ReactNode =>
    search.event && (
      <EventDrawer
        of={search.event}
        known={known}
        onOpen={open}
        onClose={() => {
          const row = document.querySelector<HTMLElement>('[aria-expanded="true"]');
          change({ event: undefined }, true);
          row?.focus();
        }}
      />
    );
  const asked = whereOf(search);
  const shared = { filter, drawer, open: search.event, onOpen: open };
  if (search.from !== undefined)
    return (
      <Past
        key={`${asked} ${search.from} ${search.to ?? ''}`}
        {...shared}
        where={asked}
        from={search.from}
        to={search.to}
        onLive={() => change({ from: undefined, to: undefined })}
      />
    );
  return (
    <Live
      key={asked}
      {...shared}
      where={asked}
      onClear={() => change({ where: undefined, stream: undefined })}
    />
  );
}
