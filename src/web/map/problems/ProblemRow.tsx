import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MapProblemView } from '../../../server/api/contract-map.ts';
import { CopyButton } from '../../kit/CopyButton.tsx';
import { Scrollable } from '../../kit/Scrollable.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { LogLink } from '../../kit/LogLink.tsx';
import { Ago } from '../table/Ago.tsx';

interface ProblemRowProps {
  readonly problem: MapProblemView;
  /** As people call what it is about. */
  readonly title: string | undefined;
  readonly past: number | undefined;
  readonly onOpen: (id: string) => void;
}

/** One error of the map: what, since when, on what evidence, and the lines that would mend it. */
export function ProblemRow({ problem, title, past, onOpen }: ProblemRowProps): ReactNode {
  const { node, message, since, place, severity, evidence, snippet } = problem;
  const isNamed = node !== undefined || place !== undefined;
  return (
    <li className="grid gap-x-6 gap-y-1 border-b border-line/60 px-3 py-2.5 last:border-0 sm:px-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-3">
          {problem.kind === 'file' && (
            <StateMark state={severity === 'error' ? 'critical' : 'warning'} word={severity} />
          )}
          {node !== undefined && (
            <button
              type="button"
              data-opens={node}
              onClick={() => onOpen(node)}
              className="min-h-6 text-left font-semibold wrap-anywhere text-accent underline"
            >
              {title ?? node}
            </button>
          )}
          {place && (
            <Link
              to="/map/source"
              search={{
                file: place.file,
                line: String(place.line),
                column: String(place.column),
              }}
              className="font-mono text-small wrap-anywhere text-accent underline"
            >
              {place.file}:{place.line}:{place.column}
            </Link>
          )}
          {isNamed || <span className="wrap-anywhere">{message}</span>}
          <span className="text-small whitespace-nowrap text-faint">
            <Ago at={since} past={past} />
          </span>
        </p>
        {isNamed && <p className="max-w-[75ch] wrap-anywhere">{message}</p>}
        <Evidence of={evidence} past={past} />
      </div>
      {snippet !== undefined && <Mend problem={problem} snippet={snippet} />}
    </li>
  );
}

function Evidence(props: {
  readonly of: MapProblemView['evidence'];
  readonly past: number | undefined;
}): ReactNode {
  if (props.of.length === 0) return null;
  return (
    <ul aria-label="Evidence" className="mt-1 flex flex-col text-small text-soft">
      {props.of.map((one) => (
        <li key={`${one.stream} ${one.offset} ${one.text}`} className="wrap-anywhere">
          <LogLink of={one}>{one.text}</LogLink>, <Ago at={one.time} past={props.past} />
        </li>
      ))}
    </ul>
  );
}

function Mend(props: { readonly problem: MapProblemView; readonly snippet: string }): ReactNode {
  const { problem, snippet } = props;
  return (
    <div className="min-w-0">
      <Scrollable
        label={`Lines that would mend it: ${problem.id}`}
        className="overflow-x-auto rounded-normal border border-line bg-sunken px-3 py-2 font-mono text-small"
      >
        <pre>{snippet}</pre>
      </Scrollable>
      <div className="mt-1 flex flex-wrap items-center gap-1">
        <Link
          to="/map/source"
          search={{ add: problem.id }}
          className="inline-flex h-8 items-center rounded-normal border border-line-strong/60 bg-raised px-2.5 hover:bg-sunken"
        >
          {problem.kind === 'seen-never-declared' ? 'Add to the map' : 'Write it into the map'}
        </Link>
        <CopyButton text={snippet} what="lines" />
      </div>
    </div>
  );
}
