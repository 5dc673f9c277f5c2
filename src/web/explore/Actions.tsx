import type { ReactNode } from 'react';
import { Button } from '../kit/Button.tsx';
import type { Asked } from './asked.ts';
import { csvOf } from './csv.ts';
import { download } from './download.ts';
import type { Drawing } from './lines.ts';
import type { ExploreChange, ExploreSearch } from './search.ts';

interface ActionsProps {
  readonly search: ExploreSearch;
  readonly asked: Asked;
  readonly drawing: Drawing | undefined;
  readonly onChange: (change: ExploreChange, replace?: boolean) => void;
}

/** Follow it, read it as a table, take it away. */
export function Actions({ search, asked, drawing, onChange }: ActionsProps): ReactNode {
  const isTable = search.view === 'table';
  const isEmpty = drawing === undefined || drawing.times.length === 0;
  const fixed = 'A fixed range does not move: choose one of the ranges up to now';
  return (
    <>
      <Button
        icon={asked.live ? 'pause' : 'play'}
        aria-pressed={asked.live}
        because={search.from === undefined ? undefined : fixed}
        onClick={() => onChange({ live: asked.live ? undefined : '1' })}
      >
        Live
      </Button>
      <Button
        icon={isTable ? 'explore' : 'table'}
        aria-pressed={isTable}
        onClick={() => onChange({ view: isTable ? undefined : 'table' }, true)}
      >
        Points as table
      </Button>
      <Button
        icon="download"
        because={isEmpty ? 'There is nothing to take: no data in this range' : undefined}
        onClick={() => drawing && download(`${asked.title}-${asked.aggregate}.csv`, csvOf(drawing))}
      >
        CSV
      </Button>
    </>
  );
}
