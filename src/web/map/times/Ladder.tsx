import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FlowAnswer, FlowStage } from '../../../server/api/contract-map-flow.ts';
import { formatCount, formatDuration, formatNumber } from '../../kit/format.ts';
import { type Behind, meanOf, wholeOf } from './item-parts.ts';
import { Meaning } from './Meaning.tsx';
import type { MeaningName } from './meanings.ts';
import { showing } from './search.ts';
import { divisionText, PartsBar } from './PartsBar.tsx';

interface LadderProps {
  readonly answer: FlowAnswer;
  /** What moves through it: `change`. */
  readonly item: string;
}

/** The stages one under the other; each step begins where the mean item left the one before. */
export function Ladder({ answer, item }: LadderProps): ReactNode {
  const steps = answer.stages.map((stage) => ({ stage, mean: meanOf(stage) }));
  const lengths = steps.map(({ mean }) => (mean ? wholeOf(mean) : 0));
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  return (
    <ol aria-label="Stages" className="border-t border-line">
      {steps.map(({ stage, mean }, at) => {
        const start = lengths.slice(0, at).reduce((sum, length) => sum + length, 0);
        const isWorst = answer.bottleneck?.stage === stage.id;
        return (
          <li
            key={stage.id}
            className={`grid gap-x-5 gap-y-2 border-b border-line px-3 py-3 break-inside-avoid sm:px-5 md:grid-cols-[11rem_minmax(0,1fr)] ${isWorst ? 'bg-warning-wash' : ''}`}
          >
            <StageName stage={stage} isWorst={isWorst} />
            <div className="min-w-0">
              {mean ? (
                <>
                  <PartsBar
                    of={[{ ...mean, start, name: stage.title }]}
                    whole={whole}
                    label={`${stage.title}, the mean ${item}: ${divisionText(mean)}`}
                  />
                  <p className="mt-1 text-soft">
                    On average {divisionText(mean)}: {formatDuration(wholeOf(mean))} of{' '}
                    {formatDuration(whole)}
                  </p>
                </>
              ) : (
                <p className="no-data px-2 py-0.5 text-soft">
                  No data: no {item} has left it in this window
                </p>
              )}
              <StageNumbers stage={stage} item={item} />
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function StageName({ stage, isWorst }: { readonly stage: FlowStage; isWorst: boolean }): ReactNode {
  return (
    <div className="min-w-0">
      <h3 className="text-lead font-semibold wrap-anywhere">{stage.title}</h3>
      <p className="text-small text-soft">
        at <span className="font-mono wrap-anywhere">{stage.node}</span>
      </p>
      {isWorst && (
        <p className="mt-1 text-small font-semibold text-warning">
          <span aria-hidden="true">▲ </span>
          <Meaning of="bottleneck">waits longest</Meaning>
        </p>
      )}
    </div>
  );
}

function StageNumbers({ stage, item }: { readonly stage: FlowStage; item: string }): ReactNode {
  const { leadTime, accurate, wip, wipLimit, arrivals, departures, reworked } = stage;
  return (
    <dl className="mt-2 flex flex-wrap gap-x-6 gap-y-2 xl:grid xl:grid-cols-[11rem_9rem_9.5rem_7rem_minmax(0,1fr)] xl:gap-x-4">
      <DataBox of="lead-time">
        {leadTime.p50 === null ? (
          <None why={`no ${item} has left it`} />
        ) : (
          <>
            {formatDuration(leadTime.p50)}
            <span className="font-normal text-soft">
              {' '}
              p50 · {leadTime.p85 === null ? 'no data' : formatDuration(leadTime.p85)} p85
            </span>
          </>
        )}
      </DataBox>
      <DataBox of="accurate">
        {accurate === null ? (
          <None why={leadTime.count > 0 ? 'nothing would have told' : `no ${item} has left it`} />
        ) : (
          percent(accurate)
        )}
        {reworked > 0 && (
          <span className="font-normal">
            {' '}
            <ToItems what="rework" stage={stage.id}>
              {formatCount(reworked)} came back
            </ToItems>
          </span>
        )}
      </DataBox>
      <DataBox of="wip">
        <ToItems what="wip" stage={stage.id}>
          {formatCount(wip)}
        </ToItems>
        <Limit wip={wip} limit={wipLimit} />
      </DataBox>
      <DataBox of="throughput">
        <ToItems what="in" stage={stage.id}>
          {formatCount(arrivals)} in
        </ToItems>
        <span className="font-normal text-soft"> · </span>
        <ToItems what="out" stage={stage.id}>
          {formatCount(departures)} out
        </ToItems>
      </DataBox>
      <DataBox of="littles-law">
        <Law of={stage.littlesLaw} />
      </DataBox>
    </dl>
  );
}

function DataBox(props: { readonly of: MeaningName; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>
        <Meaning of={props.of} />
      </dt>
      <dd className="font-semibold">{props.children}</dd>
    </div>
  );
}

/** No data, and why; never 0. */
export function None({ why }: { readonly why: string }): ReactNode {
  return <span className="font-normal text-soft">no data: {why}</span>;
}

/** Whole percents; tenths where it is less than ten of them. */
export const percent = (ratio: number): string =>
  `${ratio < 0.1 ? Number((ratio * 100).toFixed(1)) : Math.round(ratio * 100)} %`;

function Limit(props: { readonly wip: number; readonly limit: number | null }): ReactNode {
  const { wip, limit } = props;
  if (limit === null) return <span className="font-normal text-soft"> without a limit</span>;
  if (wip <= limit) return <span className="font-normal text-soft"> of {limit} at most</span>;
  return (
    <span className="text-warning">
      {' '}
      <span aria-hidden="true">▲</span> over the limit of {limit}
    </span>
  );
}

function Law({ of }: { readonly of: FlowStage['littlesLaw'] }): ReactNode {
  const { expected, actual, holds } = of;
  if (expected === null || actual === null) return <None why="too few items" />;
  const both = `${formatNumber(actual)} in progress, ${formatNumber(expected)} expected`;
  if (holds === null) return <span className="font-normal text-soft">not comparable ({both})</span>;
  return holds ? (
    <span className="font-normal text-soft">holds ({both})</span>
  ) : (
    <span className="text-warning">
      <span aria-hidden="true">▲</span> does not hold ({both})
    </span>
  );
}

/** Leads to the items that a number counts. */
export function ToItems(props: {
  readonly what: Behind;
  readonly stage?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Link
      from="/map/times"
      to="."
      search={(was) => showing(was, props.what, props.stage)}
      hash="items"
      replace
      className="text-accent underline"
    >
      {props.children}
    </Link>
  );
}
