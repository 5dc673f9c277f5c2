import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { counted } from '../../kit/format.ts';
import { Scrollable } from '../../kit/Scrollable.tsx';
import { NodeDrawer } from '../drawer/NodeDrawer.tsx';
import { MapFrame } from '../MapFrame.tsx';
import { useMapNow } from '../store.ts';
import { Standing } from '../table/Standing.tsx';
import { useMoment } from '../use-moment.ts';
import { ProblemList } from './ProblemList.tsx';

/** The map reports its own errors: what is off it, and where it and what happens do not agree. */
export function ProblemsPage(): ReactNode {
  const search = useSearch({ from: '/inside/map/problems' });
  const navigate = useNavigate({ from: '/map/problems' });
  const change = (next: {
    readonly at?: string | undefined;
    readonly node?: string | undefined;
  }) => {
    const merged = Object.entries({ ...search, ...next }).filter(([, v]) => v !== undefined);
    void navigate({ search: Object.fromEntries(merged), replace: true });
  };
  const moment = useMoment(search.at, (at) => change({ at }));
  const map = useMapNow();
  const open = (node: string): void => change({ node });
  const close = (): void => {
    const opener = document.querySelector<HTMLElement>(
      `[data-opens="${CSS.escape(search.node ?? '')}"]`,
    );
    change({ node: undefined });
    opener?.focus();
  };
  return (
    <MapFrame
      title="Off the map"
      isFixed
      status={
        map && map.problems.length > 0 && `${counted(map.problems.length, 'error')} of the map`
      }
    >
      <div className="relative flex min-h-0 grow">
        <Scrollable label="Errors of the map" className="min-w-0 grow overflow-y-auto">
          <Standing error={moment.error} onNow={() => moment.move(undefined)} />
          {map && <ProblemList map={map} onOpen={open} />}
        </Scrollable>
        {search.node !== undefined && <NodeDrawer id={search.node} onClose={close} onOpen={open} />}
      </div>
    </MapFrame>
  );
}
