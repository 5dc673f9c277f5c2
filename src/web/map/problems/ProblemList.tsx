import { type ReactNode, useId, useState } from 'react';
import type { MapAnswer } from '../../../server/api/contract-map.ts';
import { Button } from '../../kit/Button.tsx';
import { EmptyState } from '../../kit/EmptyState.tsx';
import { counted, formatCount } from '../../kit/format.ts';
import { Ago } from '../table/Ago.tsx';
import { indexOf, type MapIndex } from '../table/map-index.ts';
import { byKind, type ProblemKind } from './problem-kinds.ts';
import { ProblemRow } from './ProblemRow.tsx';

interface ProblemListProps {
  readonly map: MapAnswer;
  readonly onOpen: (id: string) => void;
}

/** Where the map and what happens do not agree, by kind. */
export function ProblemList({ map, onOpen }: ProblemListProps): ReactNode {
  const [only, setOnly] = useState<ProblemKind>();
  const groups = byKind(map.problems);
  const index = indexOf(map);
  if (groups.length === 0) return <Agreement map={map} />;
  const chosen = groups.some(({ kind }) => kind === only) ? only : undefined;
  return (
    <>
      <fieldset className="flex flex-wrap gap-2 px-3 py-3 sm:px-5">
        <legend className="sr-only">Which errors of the map</legend>
        <Button aria-pressed={chosen === undefined} onClick={() => setOnly(undefined)}>
          All {formatCount(map.problems.length)}
        </Button>
        {groups.map(({ kind, title, problems }) => (
          <Button key={kind} aria-pressed={chosen === kind} onClick={() => setOnly(kind)}>
            {title} {formatCount(problems.length)}
          </Button>
        ))}
      </fieldset>
      {groups
        .filter(({ kind }) => chosen === undefined || chosen === kind)
        .map((group) => (
          <Kind key={group.kind} group={group} map={map} index={index} onOpen={onOpen} />
        ))}
    </>
  );
}

function Kind(props: {
  readonly group: ReturnType<typeof byKind>[number];
  readonly map: MapAnswer;
  readonly index: MapIndex;
  readonly onOpen: (id: string) => void;
}): ReactNode {
  const { group, map, index, onOpen } = props;
  const id = useId();
  return (
    <section aria-labelledby={id} className="border-t border-line pt-3 pb-1">
      <div className="px-3 sm:px-5">
        <h2 id={id} className="font-semibold">
          {group.title} <span className="font-normal text-faint">{group.problems.length}</span>
        </h2>
        <p className="max-w-[75ch] text-soft">{group.means}</p>
      </div>
      <ul aria-labelledby={id}>
        {group.problems.map((problem) => (
          <ProblemRow
            key={problem.id}
            problem={problem}
            title={problem.node === undefined ? undefined : index.thing(problem.node)?.title}
            past={map.live ? undefined : map.time}
            onOpen={onOpen}
          />
        ))}
      </ul>
    </section>
  );
}

/** Says what was looked at, so that nothing found is not taken for nothing done. */
function Agreement({ map }: { readonly map: MapAnswer }): ReactNode {
  const heard = map.nodes.filter(({ lastEvent }) => lastEvent !== null).length;
  return (
    <EmptyState title="The map agrees with what happened">
      <p>
        Looked at {counted(map.nodes.length, 'node')}, {counted(map.edges.length, 'edge')} and{' '}
        {map.processes.length} {map.processes.length === 1 ? 'process' : 'processes'}, and at every
        name under which events came.
      </p>
      <ul className="ml-4 list-disc">
        <li>Every event is meant by a node: nothing is off the map.</li>
        <li>
          {heard === map.nodes.length
            ? 'Every node was heard of.'
            : `${heard} of ${counted(map.nodes.length, 'node')} were heard of.`}
        </li>
        <li>
          No process is bad while what it needs is fine, and none works while it is said not to.
        </li>
      </ul>
      <p className="text-small">
        {map.freshest === null ? (
          'No event has come yet that the map knows of.'
        ) : (
          <>
            The newest event came <Ago at={map.freshest} past={map.live ? undefined : map.time} />.
          </>
        )}
      </p>
    </EmptyState>
  );
}
