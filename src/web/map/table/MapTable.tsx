import { type ReactNode, useMemo, useState } from 'react';
import type { MapAnswer } from '../../../server/api/contract-map.ts';
import { Button } from '../../kit/Button.tsx';
import { Field, Select } from '../../kit/Field.tsx';
import { counted } from '../../kit/format.ts';
import { indexOf } from './map-index.ts';
import type { TableSearch } from './search.ts';
import { type StateChoice, treeOf } from './tree.ts';
import { TreeTable } from './TreeTable.tsx';
import { stateWords } from './words.ts';

const choices: readonly (readonly [StateChoice, string])[] = [
  ['all', 'All states'],
  ['not-ok', 'Only what is not ok'],
  ['down', stateWords.down],
  ['degraded', stateWords.degraded],
  ['at-risk', stateWords['at-risk']],
  ['no-evidence', stateWords['no-evidence']],
  ['ok', stateWords.ok],
];

interface MapTableProps {
  readonly map: MapAnswer;
  readonly search: TableSearch;
  /** Undefined takes a part out of the address. */
  readonly onChange: (next: { readonly [K in keyof TableSearch]?: string | undefined }) => void;
}

/** The table of the map with what narrows it. */
export function MapTable({ map, search, onChange }: MapTableProps): ReactNode {
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const { find = '' } = search;
  const states = choices.find(([state]) => state === search.state)?.[0] ?? 'all';
  const index = useMemo(() => indexOf(map), [map]);
  const rows = useMemo(
    () => treeOf(map, { text: find, states }, (key) => opened.get(key)),
    [map, find, states, opened],
  );
  const all = treeOf(map, { text: find, states }, () => true);
  const found = all.filter(({ kind }) => kind === 'leaf').length;
  const total = map.nodes.length + map.processes.length;
  const branches = all.filter(({ kind }) => kind !== 'leaf');
  const setAll = (isOpen: boolean): void =>
    setOpened(new Map(branches.map(({ key }) => [key, isOpen])));
  const toggle = (key: string, isOpen: boolean): void =>
    setOpened((was) => new Map(was).set(key, isOpen));
  return (
    <>
      <div className="flex flex-wrap items-end gap-3 px-3 py-3 sm:px-5 print:hidden">
        <Field
          label="Name, kind, owner or group"
          type="search"
          data-filter
          value={find}
          onChange={(text) => onChange({ find: text || undefined })}
          className="grow sm:max-w-72"
        />
        <Select
          label="State"
          value={states}
          options={choices}
          onChange={(state) => onChange({ state: state === 'all' ? undefined : state })}
          className="w-44"
        />
        <div className="flex gap-2">
          <Button onClick={() => setAll(true)}>Open all</Button>
          <Button onClick={() => setAll(false)}>Close all</Button>
        </div>
        <output className="py-1.5 text-soft">
          {found === total
            ? `${counted(map.nodes.length, 'node')}, ${map.processes.length} processes`
            : `${found} of ${total} shown`}
        </output>
      </div>
      {rows.length === 0 ? (
        <p className="px-3 py-4 text-soft sm:px-5">
          {states === 'not-ok' && find === ''
            ? 'Everything on the map is ok.'
            : 'Nothing on the map is like that.'}
        </p>
      ) : (
        <TreeTable
          rows={rows}
          index={index}
          past={map.live ? undefined : map.time}
          shown={search.node}
          onToggle={toggle}
          onOpen={(node) => onChange({ node })}
        />
      )}
      <p className="max-w-[75ch] px-3 py-4 text-small text-faint sm:px-5">
        <em className="not-italic">Seen itself</em> is what checks, heartbeats, alerts and metrics
        say of it; <em className="not-italic">by its needs</em> what follows from what it needs. The
        state is the worse of the two, but what is freshly seen to work is at most at risk. Arrow
        keys walk the table, Enter opens what the row is about.
      </p>
    </>
  );
}
