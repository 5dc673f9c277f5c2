import { type ReactNode, useMemo } from 'react';
import { Combobox } from '../kit/Combobox.tsx';
import type { MapModel } from './store.ts';

interface MapSearchFieldProps {
  readonly model: MapModel;
  readonly onFind: (node: string) => void;
  readonly className?: string;
}

/** Finds a node by a part of its title or id. */
export function MapSearchField({ model, onFind, className = '' }: MapSearchFieldProps): ReactNode {
  const found = useMemo(
    () =>
      new Map(
        model.nodes.map(({ id, title, kind, group }) => [
          title === id ? id : `${title} · ${id}`,
          { id, note: group === undefined ? kind : `${kind}, ${group}` },
        ]),
      ),
    [model],
  );
  return (
    <Combobox
      label="Find on the map"
      bare
      isFilter
      placeholder="Find on the map  /"
      value=""
      options={[...found].map(([value, { note }]) => ({ value, note }))}
      none="Nothing on the map is called that"
      onChoose={(text) => {
        const node = found.get(text);
        if (node) onFind(node.id);
      }}
      className={className}
    />
  );
}
