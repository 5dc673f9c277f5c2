import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MapNodeView, MapProcessView } from '../../../server/api/contract-map.ts';
import { Asking } from '../../kit/Asking.tsx';
import { useNow } from '../../kit/clock.ts';
import { formatDuration } from '../../kit/format.ts';
import { Notice } from '../../kit/Notice.tsx';
import { timelineQuery } from '../slider/api.ts';
import { ChangeList } from '../slider/ChangeList.tsx';
import { countOf, toldOf } from '../slider/moments.ts';
import { HealthMark } from '../table/HealthMark.tsx';
import { type MapIndex, type Need, processId } from '../table/map-index.ts';
import { becauseOf, carriesHealth, stateWords } from '../table/words.ts';
import { SliChart } from './SliChart.tsx';
import { WhatIf } from './WhatIf.tsx';
import type { Window } from './window.ts';

interface ProcessProps {
  readonly process: MapProcessView;
  readonly index: MapIndex;
  readonly nodes: readonly MapNodeView[];
  readonly window: Window;
}

/** One business process. */
export function Process({ process, index, nodes, window }: ProcessProps): ReactNode {
  const { title, description, criticality, owner, health } = process;
  const id = processId(process.id);
  const found = useQuery(timelineQuery({ chosen: { length: window.ms }, around: undefined, id }));
  const mayFail = nodes
    .filter((node) => node.processes.includes(process.id))
    .flatMap((node) => index.thing(node.id) ?? []);
  return (
    <article aria-label={title} className="border-b border-line py-4 break-inside-avoid">
      <header className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-3 sm:px-5">
        <h2 className="text-title font-semibold">
          <Link to="/map" search={{ process: process.id }} className="hover:underline">
            {title}
          </Link>
        </h2>
        <span className="text-title [&_svg]:size-3.5">
          <HealthMark state={health.shown} />
        </span>
        <span className="text-soft">
          {health.since === null ? (
            'since before the recording begins'
          ) : (
            <>
              for <Since at={health.since} />
            </>
          )}
        </span>
        <span className="grow" />
        <span className="text-small text-faint">
          criticality {criticality}
          {owner !== undefined && `, ${owner}`}
        </span>
      </header>
      <div className="px-3 sm:px-5">
        {description !== undefined && <p className="text-soft">{description}</p>}
        <Because process={process} index={index} />
        {health.contradiction && (
          <Notice look="warning">
            By the map it should be down, but it is seen to work ({stateWords[health.observed]}):
            the map may be wrong about a need.
          </Notice>
        )}
        <div className="mt-3 grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
          <section aria-label={`Measure of ${title}`} className="min-w-0">
            <SliChart
              process={process}
              window={window}
              changes={found.data ? toldOf(found.data).map(({ time }) => time) : []}
            />
          </section>
          <section aria-label={`What ${title} needs`} className="flex min-w-0 flex-col gap-4">
            <Needs of={index.needs(id).filter(carriesHealth)} index={index} />
            <WhatIf of={mayFail} />
          </section>
        </div>
      </div>
      <details className="mt-3">
        <summary className="min-h-6 cursor-pointer px-3 text-soft sm:px-5">
          What changed it, in this window
          {found.data && `: ${countOf(found.data)}`}
        </summary>
        <Asking of={found} />
        {found.data && <ChangeList timeline={found.data} titleOf={index.titleOf} at={undefined} />}
      </details>
    </article>
  );
}

function Since({ at }: { readonly at: number }): ReactNode {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()}>
      {formatDuration(Math.max(0, Math.round((now - at) / 1000) * 1000))}
    </time>
  );
}

/** The way to the cause, each step with its state and a link. */
function Because(props: { readonly process: MapProcessView; readonly index: MapIndex }): ReactNode {
  const { process, index } = props;
  const because = becauseOf(process.health, index);
  if (because.kind === 'nothing')
    return process.health.shown === 'no-evidence' ? (
      <p className="text-soft">Nothing says how it is: no data.</p>
    ) : null;
  // What its measure says stands beside the measure.
  if (because.kind === 'seen' && because.text === process.sli?.text) return null;
  if (because.kind === 'seen')
    return <p className="text-soft">Seen by itself{because.text && `: ${because.text}`}</p>;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
      <span className="text-soft">because of</span>
      {[...because.through, because.cause].map((id, at) => (
        <span key={id} className="flex flex-wrap items-baseline gap-x-2">
          {at > 0 && (
            <span className="text-faint">
              <span aria-hidden="true">←</span>
              <span className="sr-only">because of</span>
            </span>
          )}
          <ThingLink id={id} index={index} />
        </span>
      ))}
      {because.text !== undefined && <span className="text-soft">({because.text})</span>}
    </p>
  );
}

function ThingLink({ id, index }: { readonly id: string; readonly index: MapIndex }): ReactNode {
  const state = index.stateOf(id);
  return (
    <span className="inline-flex items-baseline gap-1.5">
      <Link to="/map" search={{ node: id }} className="font-semibold text-accent underline">
        {index.titleOf(id)}
      </Link>
      {state && <HealthMark state={state} />}
    </span>
  );
}

function Needs(props: { readonly of: readonly Need[]; readonly index: MapIndex }): ReactNode {
  const { of, index } = props;
  return (
    <div>
      <h3 className="mb-1 font-semibold">What it needs</h3>
      {of.length === 0 ? (
        <p className="text-soft">Nothing, the map says.</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {of.map((need) => (
            <li key={need.ids.join(' ')} className="flex flex-wrap gap-x-3 gap-y-1">
              {need.kind === 'member' && need.need !== undefined && (
                <span className="text-soft">{need.need} of</span>
              )}
              {need.ids.map((id) => (
                <ThingLink key={id} id={id} index={index} />
              ))}
              {need.kind === 'soft' && <span className="text-small text-faint">not vital</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
