import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState } from '../../kit/EmptyState.tsx';
import { ErrorNotice } from '../../kit/Notice.tsx';
import { Scrollable } from '../../kit/Scrollable.tsx';
import { NodeDrawer } from '../drawer/NodeDrawer.tsx';
import { MapFrame } from '../MapFrame.tsx';
import { useMapNow } from '../store.ts';
import { MapTable } from './MapTable.tsx';
import type { TableSearch } from './search.ts';
import { Standing } from './Standing.tsx';
import { useShownTime } from './use-shown-time.ts';

/** The map to be read: the same as in the picture, row by row. */
export function TablePage(): ReactNode {
  const search = useSearch({ from: '/inside/map/table' });
  const navigate = useNavigate({ from: '/map/table' });
  const change = (next: { readonly [K in keyof TableSearch]?: string | undefined }): void => {
    const merged = Object.entries({ ...search, ...next }).filter(([, v]) => v !== undefined);
    void navigate({ search: Object.fromEntries(merged), replace: true });
  };
  const failed = useShownTime(search.at);
  const map = useMapNow();
  const close = (): void => {
    const row = document.querySelector<HTMLElement>('tr[aria-selected="true"]');
    change({ node: undefined });
    row?.focus();
  };
  return (
    <MapFrame title="Map as a table" isFixed>
      <div className="relative flex min-h-0 grow">
        <Scrollable label="Map as a table" className="min-w-0 grow overflow-y-auto">
          {failed && <ErrorNotice error={failed} />}
          <Standing onLive={() => change({ at: undefined })} />
          {map &&
            (map.nodes.length + map.processes.length === 0 ? (
              <NoMap />
            ) : (
              <MapTable map={map} search={search} onChange={change} />
            ))}
        </Scrollable>
        {search.node !== undefined && (
          <NodeDrawer id={search.node} onClose={close} onOpen={(node) => change({ node })} />
        )}
      </div>
    </MapFrame>
  );
}

/** Nothing is declared yet. */
const NoMap = (): ReactNode => (
  <EmptyState
    title="There is no map yet"
    actions={
      <Link
        to="/map/source"
        className="inline-flex h-8 items-center rounded-normal bg-accent px-2.5 font-semibold text-on-accent"
      >
        Write the map
      </Link>
    }
  >
    <p>
      A map says what there is and what needs what. Territory drafts one from the events that came,
      and you correct it.
    </p>
  </EmptyState>
);
