import type { ReactNode } from 'react';
import type { MapHealth } from '../../../server/api/contract-map.ts';
import { Ago, Lasting } from './Ago.tsx';
import { HealthMark } from './HealthMark.tsx';
import type { MapIndex } from './map-index.ts';
import type { BranchRow, LeafRow, TreeRow } from './tree.ts';
import './tree-table.css';
import { useTreeKeys } from './use-tree-keys.ts';
import {
  becauseOf,
  becauseText,
  carriesHealth,
  countedStates,
  needText,
  worstOf,
} from './words.ts';

/** Texts of the columns; a width keeps one from jumping when what stands in it changes. */
const heads = [
  ['Name', ''],
  ['State', 'min-w-30'],
  ['Seen itself', 'min-w-30'],
  ['By its needs', 'min-w-30'],
  ['Because', ''],
  ['Owner', ''],
  ['Needed for', ''],
  ['Needs', ''],
] as const;

interface TreeTableProps {
  readonly rows: readonly TreeRow[];
  readonly index: MapIndex;
  /** The past that is looked at, ms; undefined: now. */
  readonly past: number | undefined;
  /** Id of what the drawer shows. */
  readonly shown: string | undefined;
  readonly onToggle: (key: string, isOpen: boolean) => void;
  readonly onOpen: (id: string) => void;
}

/** The map in words: a treegrid; on a narrow page each row is a card. */
export function TreeTable(props: TreeTableProps): ReactNode {
  const { rows, onToggle } = props;
  const { table, activeKey, setActive, onKeyDown } = useTreeKeys(props);
  return (
    <div className="@container/cards">
      <table
        ref={table}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role, jsx-a11y/prefer-tag-over-role -- a treegrid has no element of its own
        role="treegrid"
        aria-label="Map"
        className="card-table tree-table w-full border-collapse"
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            {heads.map(([head, width]) => (
              <th
                key={head}
                scope="col"
                className={`label border-b border-line px-2 py-1.5 text-left font-normal whitespace-nowrap first:pl-5 last:pr-5 ${width}`}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const isActive = row.key === activeKey;
            const frame = { isActive, onFocus: () => setActive(row.key) };
            return row.kind === 'leaf' ? (
              <Leaf key={row.key} row={row} {...frame} of={props} />
            ) : (
              <Branch key={row.key} row={row} {...frame} onToggle={onToggle} />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface FrameProps {
  readonly isActive: boolean;
  readonly onFocus: () => void;
}

const placeOf = (row: TreeRow, { isActive, onFocus }: FrameProps) => ({
  'data-key': row.key,
  tabIndex: isActive ? 0 : -1,
  'aria-level': row.level,
  'aria-posinset': row.place,
  'aria-setsize': row.siblings,
  onFocus,
});

function Branch(
  props: FrameProps & {
    readonly row: BranchRow;
    readonly onToggle: (key: string, isOpen: boolean) => void;
  },
): ReactNode {
  const { row, onToggle } = props;
  const worst = worstOf(row.states);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the table has the keys
    <tr
      {...placeOf(row, props)}
      aria-expanded={row.isOpen}
      onClick={() => onToggle(row.key, !row.isOpen)}
      className="branch cursor-pointer border-b border-line"
    >
      <th scope="row" className="text-left font-semibold">
        <svg
          aria-hidden="true"
          viewBox="0 0 12 12"
          className={`mr-1.5 inline size-3 text-soft transition-transform ${row.isOpen ? 'rotate-90' : ''}`}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
        >
          <path d="M4 2l4 4-4 4" />
        </svg>
        {row.title}
      </th>
      <td colSpan={heads.length - 1}>
        {worst && <HealthMark state={worst}>{countedStates(row.states)}</HealthMark>}
      </td>
    </tr>
  );
}

function Leaf(
  props: FrameProps & { readonly row: LeafRow; readonly of: TreeTableProps },
): ReactNode {
  const { row, isActive, of } = props;
  const { index, past, shown, onOpen } = of;
  const thing = row.node ?? row.process;
  if (!thing) return null;
  const { health, owner } = thing;
  const tabIndex = isActive ? 0 : -1;
  const needs = index.needs(row.id).filter(carriesHealth);
  return (
    <tr
      {...placeOf(row, props)}
      aria-selected={shown === row.id}
      className="border-b border-line/60 hover:bg-sunken aria-selected:bg-accent-wash"
    >
      <th scope="row" className="text-left font-normal">
        <button
          type="button"
          tabIndex={tabIndex}
          onClick={() => onOpen(row.id)}
          className="text-left font-semibold wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2"
        >
          {row.title}
        </button>
        <span className="block text-small text-faint">{row.node?.kind ?? 'process'}</span>
      </th>
      <td data-name="State">
        <HealthMark state={health.shown} />
        <span className="block text-small whitespace-nowrap text-faint">
          <Lasting since={health.since} past={past} />
        </span>
      </td>
      <td data-name="Seen itself" className="named">
        <HealthMark state={health.observed} />
        <Evidence health={health} past={past} />
      </td>
      <td data-name="By its needs" className="named">
        {needs.length === 0 ? (
          <span className="text-faint">needs nothing</span>
        ) : (
          <HealthMark state={health.inferred} />
        )}
      </td>
      <td
        data-name="Because"
        className={`named because min-w-48 max-w-[44ch] ${becauseText(health, index) === '' ? 'nothing' : ''}`}
      >
        <Because health={health} index={index} tabIndex={tabIndex} onOpen={onOpen} />
      </td>
      <td data-name="Owner" className={`named ${owner === undefined ? 'nothing' : ''}`}>
        {owner ?? <Nothing />}
      </td>
      <td data-name="Needed for" className="named">
        <NeededFor row={row} index={index} />
      </td>
      <td
        data-name="Needs"
        className={`named needs max-w-[32ch] ${needs.length === 0 ? 'nothing' : ''}`}
      >
        {needs.length === 0 ? (
          <Nothing />
        ) : (
          needs.map((need) => needText(need, index.titleOf)).join(', ')
        )}
      </td>
    </tr>
  );
}

const Nothing = (): ReactNode => <span className="text-faint">–</span>;

function Evidence(props: {
  readonly health: MapHealth;
  readonly past: number | undefined;
}): ReactNode {
  const { evidence } = props.health;
  const fresh = evidence.filter((one) => !one.stale);
  const counted = fresh.length > 0 ? fresh : evidence;
  if (counted.length === 0) return null;
  return (
    <span className="block text-small whitespace-nowrap text-faint">
      {fresh.length === 0 && 'stale, '}
      <Ago at={Math.max(...counted.map((one) => one.time))} past={props.past} />
    </span>
  );
}

function Because(props: {
  readonly health: MapHealth;
  readonly index: MapIndex;
  readonly tabIndex: number;
  readonly onOpen: (id: string) => void;
}): ReactNode {
  const { health, index } = props;
  const because = becauseOf(health, index);
  const text = becauseText(health, index);
  if (text === '') return <Nothing />;
  return (
    <>
      {because.kind === 'need' ? (
        <>
          <button
            type="button"
            tabIndex={props.tabIndex}
            onClick={() => props.onOpen(because.cause)}
            className="font-semibold underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2"
          >
            {index.titleOf(because.cause)}
          </button>
          {text.slice(index.titleOf(because.cause).length)}
        </>
      ) : (
        text
      )}
      {health.contradiction && (
        <span className="block text-small font-semibold text-warning">
          But it is seen to work: the map may be wrong.
        </span>
      )}
    </>
  );
}

function NeededFor({ row, index }: { readonly row: LeafRow; readonly index: MapIndex }): ReactNode {
  if (row.process)
    return <span className="whitespace-nowrap">criticality {row.process.criticality}</span>;
  const { processes = [], criticality = null } = row.node ?? {};
  if (criticality === null) return <span className="text-faint">no process</span>;
  return (
    <>
      {processes.map((id) => index.titleOf(`process:${id}`)).join(', ')}
      <span className="block text-small whitespace-nowrap text-faint">
        criticality {criticality}
      </span>
    </>
  );
}
