import type { ReactNode } from 'react';
import type { MapProcessView } from '../../../server/api/contract-map.ts';
import { formatNumber } from '../../kit/format.ts';
import { Ago } from '../table/Ago.tsx';
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
          <p className="mt-1 wrap-anywhere">{sli.text}</p>
          <p className="mt-1 text-small text-soft">
            {sli.value === null ? 'no data' : formatNumber(sli.value)}
            {sli.against !== null && ` against ${formatNumber(sli.against)}`}
            {sli.at !== null && (
              <>
                , <Ago at={sli.at} past={past} />
              </>
            )}
          </p>
        </>
      ) : (
        <p className="text-soft">
          No measure is declared, so it is known only by what it needs and by checks that name it.
        </p>
      )}
    </Section>
  );
}
