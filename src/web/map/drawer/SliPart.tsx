import type { ReactNode } from 'react';
import type { MapProcessView } from '../../../server/api/contract-map.ts';
import { aggregates, stepFor } from '../../explore/asked.ts';
import { Ago } from '../table/Ago.tsx';
import { SmallChart } from './SmallChart.tsx';
import { Section } from './Section.tsx';

interface SliPartProps {
  readonly process: MapProcessView;
  readonly past: number | undefined;
}

/** By what a process is seen to work, and what was found of it last. */
export function SliPart({ process, past }: SliPartProps): ReactNode {
  const { sli } = process;
  return (
    <Section title="How it is measured">
      {sli ? (
        <>
          <p className="font-mono text-small wrap-anywhere">
            {sli.measure} {sli.ok}
          </p>
          <p className="mt-1 wrap-anywhere">
            {sli.text}
            {sli.at !== null && (
              <span className="text-faint">
                {' · '}
                <Ago at={sli.at} past={past} />
              </span>
            )}
          </p>
          {sli.query && (
            <div className="mt-2">
              <SmallChart
                title={sli.measure}
                unit={sli.query.ratio === undefined ? 'number' : 'ratio'}
                query={seriesOf(sli.query)}
                limits={sli.query.limits}
                deploys={[]}
                past={past}
              />
            </div>
          )}
        </>
      ) : (
        <p className="text-soft">
          No measure is declared, so it is known only by what it needs and by checks that name it.
        </p>
      )}
    </Section>
  );
}

type Asked = NonNullable<NonNullable<MapProcessView['sli']>['query']>;

function seriesOf({ where, ratio, aggregate, window, compare }: Asked) {
  const known = aggregates.find(([name]) => name === aggregate)?.[0] ?? 'count';
  return {
    where,
    aggregate: known,
    // As wide as what is measured, so that the chart has the same numbers; not so narrow as to be noise.
    every: stepFor(Math.min(10 * minute, Math.max(minute, window)), 1),
    ...(ratio !== undefined && { ratio }),
    ...(compare !== undefined && { compare }),
  };
}
const minute = 60_000;
