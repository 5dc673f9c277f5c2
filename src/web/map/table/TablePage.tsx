import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Scrollable } from '../../kit/Scrollable.tsx';
import { NodeDrawer } from '../drawer/NodeDrawer.tsx';
import { MapFrame } from '../MapFrame.tsx';
import { NoMap } from '../NoMap.tsx';
import { DataAge } from '../Notices.tsx';
import { ProcessNews } from '../ProcessNews.tsx';
import { useMapModel, useMapNow } from '../store.ts';
import { useMoment } from '../use-moment.ts';
import { MapTable } from './MapTable.tsx';
import type { TableSearch } from './search.ts';
import { Standing } from './Standing.tsx';

/** The map to be read: the same as in the picture, row by row. */
export function TablePage(): ReactNode {
  const search = useSearch({ from: '/inside/map/table' });
  const navigate = useNavigate({ from: '/map/table' });
  const change = (next: { readonly [K in keyof TableSearch]?: string | undefined }): void => {
    const merged = Object.entries({ ...search, ...next }).filter(([, v]) => v !== undefined);
    void navigate({ search: Object.fromEntries(merged), replace: true });
  };
  const moment = useMoment(search.at, (at) => change({ at }));
  const map = useMapNow();
  const model = useMapModel();
  const close = (): void => {
    const row = document.querySelector<HTMLElement>('tr[aria-selected="true"]');
    change({ node: undefined });
    row?.focus();
  };
  return (
    <MapFrame title="Map as a table" isFixed status={<DataAge />}>
      <div className="relative flex min-h-0 grow">
        <Scrollable label="Map as a table" className="min-w-0 grow overflow-y-auto">
          {model && <ProcessNews model={model} />}
          <Standing error={moment.error} onNow={() => moment.move(undefined)} />
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
