import type {
  HealthWord,
  MapAnswer,
  MapNodeView,
  MapProcessView,
} from '../../../server/api/contract-map.ts';
import { processId } from './map-index.ts';
import { quadrantWords } from './words.ts';

/** Which states to show: all, whatever is not ok, or one. */
export type StateChoice = 'all' | 'not-ok' | HealthWord;

export interface TreeFilter {
  readonly text: string;
  readonly states: StateChoice;
}

interface RowPlace {
  /** Unique in the table, and the same in the next one. */
  readonly key: string;
  readonly title: string;
  /** From 1. */
  readonly level: number;
  /** Key of the row it belongs to. */
  readonly parent: string | undefined;
  /** Among its siblings, from 1. */
  readonly place: number;
  readonly siblings: number;
}

/** A row that others belong to. */
export interface BranchRow extends RowPlace {
  readonly kind: 'part' | 'group';
  readonly isOpen: boolean;
  /** States of everything in it that the filter leaves. */
  readonly states: readonly HealthWord[];
}
/** A row for one thing. */
export interface LeafRow extends RowPlace {
  readonly kind: 'leaf';
  /** As the drawer takes it. */
  readonly id: string;
  readonly node?: MapNodeView;
  readonly process?: MapProcessView;
}
export type TreeRow = BranchRow | LeafRow;

/** Whether a person opened or closed a row, by its key; undefined: it is as usual. */
export type Opened = (key: string) => boolean | undefined;

const quadrants: readonly MapNodeView['quadrant'][] = [
  'production',
  'support',
  'pipeline',
  'development',
];

/**
 * The rows in sight, in the order in which they are read: processes first, then the quadrants,
 * each as it was declared. Groups are closed as they are in the picture; a filter opens them.
 */
export function treeOf(
  map: Pick<MapAnswer, 'nodes' | 'processes'>,
  filter: TreeFilter,
  opened: Opened,
): TreeRow[] {
  const isFiltered = filter.text.trim() !== '' || filter.states !== 'all';
  const fits = fitting(filter);
  const processes = map.processes
    .filter((one) => fits([one.title, one.id, one.owner, 'process'], one.health.shown))
    .map((process) => ({ id: processId(process.id), title: process.title, process }));
  const nodes = map.nodes.filter((one) =>
    fits([one.title, one.id, one.owner, one.kind, one.group], one.health.shown),
  );
  const parts: Part[] = [
    { key: 'part:processes', title: 'Processes', leaves: processes },
    ...quadrants.map((quadrant) => ({
      key: `part:${quadrant}`,
      title: quadrantWords[quadrant],
      leaves: nodes
        .filter((node) => node.quadrant === quadrant)
        .map((node) => ({ id: node.id, title: node.title, node })),
    })),
  ].filter(({ leaves }) => leaves.length > 0);
  return parts.flatMap((part, at) => {
    const place = { parent: undefined, place: at + 1, siblings: parts.length };
    return rowsOf(part, place, (key, usual) => opened(key) ?? (isFiltered || usual));
  });
}

interface Leaf {
  readonly id: string;
  readonly title: string;
  readonly node?: MapNodeView;
  readonly process?: MapProcessView;
}
interface Part {
  readonly key: string;
  readonly title: string;
  readonly leaves: readonly Leaf[];
}

function fitting({ text, states }: TreeFilter) {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return (texts: readonly (string | undefined)[], state: HealthWord): boolean => {
    if (states === 'not-ok' ? state === 'ok' : states !== 'all' && states !== state) return false;
    const all = texts.join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  };
}

type IsOpen = (key: string, usual: boolean) => boolean;

function rowsOf(part: Part, place: Pick<RowPlace, 'parent' | 'place' | 'siblings'>, open: IsOpen) {
  const isOpen = open(part.key, true);
  const head: BranchRow = { ...branchOf(part, isOpen), kind: 'part', level: 1, ...place };
  return isOpen ? [head, ...childrenOf(part, open)] : [head];
}

/** Groups stand where the first of their nodes was declared. */
function childrenOf(part: Part, open: IsOpen): TreeRow[] {
  const children = new Map<string, Leaf | Part>();
  for (const leaf of part.leaves) {
    const group = leaf.node?.group;
    const key = group === undefined ? leaf.id : `${part.key}/${group}`;
    const known = children.get(key);
    const members = known && 'leaves' in known ? known.leaves : [];
    children.set(
      key,
      group === undefined ? leaf : { key, title: group, leaves: [...members, leaf] },
    );
  }
  return [...children.values()].flatMap((child, at): TreeRow[] => {
    const place = { parent: part.key, place: at + 1, siblings: children.size };
    if (!('leaves' in child)) return [leafRow(child, 2, place)];
    const isOpen = open(child.key, false);
    const head: BranchRow = { ...branchOf(child, isOpen), kind: 'group', level: 2, ...place };
    if (!isOpen) return [head];
    const siblings = child.leaves.length;
    return [
      head,
      ...child.leaves.map((leaf, i) =>
        leafRow(leaf, 3, { parent: child.key, place: i + 1, siblings }),
      ),
    ];
  });
}

const branchOf = ({ key, title, leaves }: Part, isOpen: boolean) => ({
  key,
  title,
  isOpen,
  states: leaves.flatMap(({ node, process }) => (node ?? process)?.health.shown ?? []),
});

const leafRow = (
  leaf: Leaf,
  level: number,
  place: Pick<RowPlace, 'parent' | 'place' | 'siblings'>,
): LeafRow => ({ kind: 'leaf', key: leaf.id, level, ...leaf, ...place });
