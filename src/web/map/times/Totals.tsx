import type { ReactNode } from 'react';
import type { FlowAnswer, Spread } from '../../../server/api/contract-map-flow.ts';
import { counted, formatCount, formatDuration } from '../../kit/format.ts';
import { Histogram } from './Histogram.tsx';
import { None, percent, ToItems } from './Ladder.tsx';
import { Meaning } from './Meaning.tsx';
import type { MeaningName } from './meanings.ts';

/** Without `active` spans, or without events that fit them. */
const unseen = 'no work was seen, only waiting';

interface TotalsProps {
  readonly answer: FlowAnswer;
  /** What moves through it: `change`. */
  readonly item: string;
}

/** The whole stream: how long, how good, how much. */
export function Totals({ answer, item }: TotalsProps): ReactNode {
  const { leadTime, rolledAccurate, activityRatio, flow, unlinked } = answer;
  const why = `no ${item} was finished in this window`;
  return (
    <section aria-label="The whole stream" className="break-inside-avoid px-3 py-4 sm:px-5">
      <h2 className="mb-3 text-lead font-semibold">The whole stream</h2>
      <div className="grid gap-x-8 gap-y-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)]">
        <div className="min-w-0">
          <p className="mb-1">
            <Meaning of="lead-time" /> <Meaning of="percentiles">and its percentiles</Meaning>
          </p>
          <p className="mb-2">
            <SpreadText of={leadTime} why={why} />
          </p>
          <Histogram of={leadTime} item={item} />
        </div>
        <dl className="grid grid-cols-2 gap-x-5 gap-y-4 self-start sm:grid-cols-3">
          <Total of="velocity" note={`${item}s finished`}>
            <ToItems what="finished">{formatCount(flow.velocity)}</ToItems>
          </Total>
          <Total of="load" note={`${item}s in progress`}>
            <ToItems what="load">{formatCount(flow.load)}</ToItems>
          </Total>
          <Total of="flow-time" note="p50">
            {flow.time.p50 === null ? <None why={why} /> : formatDuration(flow.time.p50)}
          </Total>
          <Total of="efficiency" note="of the time is work">
            <RatioText of={flow.efficiency} why={flow.velocity > 0 ? unseen : why} />
          </Total>
          <Total of="activity-ratio" note="of all lead time is work">
            <RatioText of={activityRatio} why={flow.velocity > 0 ? unseen : why} />
          </Total>
          <Total of="rolled" note="pass without coming back">
            <RatioText
              of={rolledAccurate}
              why={flow.velocity > 0 ? 'nothing would have told' : why}
            />
          </Total>
        </dl>
      </div>
      <Distribution of={flow.distribution} item={item} />
      {unlinked > 0 && (
        <p className="mt-3 text-soft">
          <Meaning of="unlinked" />: {counted(unlinked, item)} of which no later stage could be
          found.
        </p>
      )}
    </section>
  );
}

function Total(props: {
  readonly of: MeaningName;
  readonly note: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="min-w-0">
      <dt>
        <Meaning of={props.of} />
      </dt>
      <dd className="text-title font-semibold">{props.children}</dd>
      <dd className="text-small text-soft">{props.note}</dd>
    </div>
  );
}

function RatioText(props: { readonly of: number | null; readonly why: string }): ReactNode {
  return props.of === null ? <None why={props.why} /> : percent(props.of);
}

/** The percentiles in a line. */
function SpreadText({ of, why }: { readonly of: Spread; readonly why: string }): ReactNode {
  if (of.p50 === null) return <None why={why} />;
  const rest = (['p85', 'p95'] as const).flatMap((name) => {
    const value = of[name];
    return value === null ? [] : [`${formatDuration(value)} ${name}`];
  });
  return (
    <>
      <span className="text-title font-semibold">{formatDuration(of.p50)}</span>{' '}
      <span className="text-soft">{['p50', ...rest].join(' · ')}</span>
    </>
  );
}

const kinds = ['feature', 'defect', 'risk', 'debt', 'unknown'] as const;
const words = {
  feature: 'feature',
  defect: 'defect',
  risk: 'risk',
  debt: 'debt',
  unknown: 'of unknown kind',
} as const;
const looks = {
  feature: 'kind-feature',
  defect: 'kind-defect',
  risk: 'kind-risk',
  debt: 'kind-debt',
  unknown: 'kind-unknown',
} as const;

/** What the finished items were, as one bar and in words. */
function Distribution(props: {
  readonly of: Readonly<Record<string, number>>;
  readonly item: string;
}): ReactNode {
  const found = kinds.flatMap((kind) => {
    const count = props.of[kind] ?? 0;
    return count > 0 ? [{ kind, count }] : [];
  });
  const all = found.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="mt-5">
      <p className="mb-1">
        <Meaning of="distribution" />
      </p>
      {all === 0 ? (
        <None why={`no ${props.item} was finished in this window`} />
      ) : (
        <>
          <div aria-hidden="true" className="flex h-4 w-full gap-px">
            {found.map(({ kind, count }) => (
              <span
                key={kind}
                title={`${kind}: ${count}`}
                className={looks[kind]}
                style={{ width: `${(100 * count) / all}%` }}
              />
            ))}
          </div>
          <p className="mt-1 flex flex-wrap gap-x-4 text-soft">
            {found.map(({ kind, count }) => (
              <span key={kind} className="flex items-center gap-1.5">
                <span aria-hidden="true" className={`inline-block size-3 ${looks[kind]}`} />
                {kind === 'unknown'
                  ? `${formatCount(count)} ${words[kind]}`
                  : counted(count, words[kind])}
                , {percent(count / all)}
              </span>
            ))}
          </p>
        </>
      )}
    </div>
  );
}
