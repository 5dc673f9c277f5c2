import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import type { Architecture, Chaos } from '../../server/api/contract-demo.ts';
import { useNow } from '../kit/clock.ts';
import { Icon } from '../kit/Icon.tsx';
import { ErrorNotice } from '../kit/Notice.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { curvesQuery } from './api.ts';
import { ArchitectureChart } from './ArchitectureChart.tsx';
import { Balance } from './Balance.tsx';
import { lostVerdict, recoveredVerdict, type Verdict } from './balance.ts';
import { BuiltAs } from './BuiltAs.tsx';
import { curvesOf } from './curves.ts';
import { builtAs } from './words.ts';

/** They tell of themselves every two seconds; longer silence is said, ms. */
const silentAfterMs = 20_000;

interface ArchitecturesProps {
  readonly of: readonly Architecture[];
  readonly chaos: readonly Chaos[];
}

/** The same feeds and the same kills for three ways to build it: what is seen, lost, recovered. */
export function Architectures({ of, chaos }: ArchitecturesProps): ReactNode {
  const found = useQuery(curvesQuery);
  const curves = useMemo(() => found.data && curvesOf(found.data), [found.data]);
  const kill = chaos.find(({ kind }) => kind === 'kill-all-three');
  const isDone = kill?.state === 'running' || kill?.state === 'idle';
  const broken = isDone && kill.since !== null ? [kill.since] : [];
  return (
    <>
      {found.error && <ErrorNotice error={found.error} />}
      <ul
        aria-label="Architectures"
        className="grid gap-px border border-line bg-line md:grid-cols-3"
      >
        {of.map((one) => (
          <li
            key={one.name}
            aria-label={one.title}
            className="grid min-w-0 content-start gap-y-3 bg-panel px-3 py-3 md:row-span-6 md:grid-rows-subgrid"
          >
            <Head of={one} />
            <Balance of={one} />
            <div>
              {curves && found.data && (
                <ArchitectureChart of={one} curves={curves} range={found.data} broken={broken} />
              )}
            </div>
            <Seen of={one.sees} />
            <Said title="What was lost" verdict={lostVerdict(one)} />
            <Said title="What recovered" verdict={recoveredVerdict(one)} />
          </li>
        ))}
      </ul>
      <p className="mt-1.5 flex flex-wrap gap-x-4 text-small text-soft">
        <span>– – imported</span>
        <span className="text-accent">— done</span>
        <span className="text-critical">— lost</span>
        {broken.length > 0 && <span>┊ all three were killed</span>}
        <span className="text-faint">The last 15 minutes, each as high as the others.</span>
      </p>
    </>
  );
}

function Head({ of }: { readonly of: Architecture }): ReactNode {
  const now = useNow();
  const silentSince = of.at !== null && now - of.at > silentAfterMs ? of.at : undefined;
  return (
    <div>
      <BuiltAs name={of.name} />
      <h3 className="mt-2 text-lead font-semibold">{of.title}</h3>
      <p className="text-small text-soft">{builtAs[of.name]}</p>
      {silentSince !== undefined && (
        <p className="mt-1 flex flex-wrap items-center gap-x-1.5 text-small">
          <StateMark state="unknown" word="silent" />
          <span className="text-soft">
            last heard <AgeText at={silentSince} />
          </span>
        </p>
      )}
    </div>
  );
}

function Seen({ of }: { readonly of: readonly string[] }): ReactNode {
  return (
    <div className="border-t border-line pt-2">
      <h4 className="label">What can be seen of it</h4>
      {of.length === 0 ? (
        <StateMark state="unknown" word="nothing is told" />
      ) : (
        <ul>
          {of.map((one) => (
            <li key={one} className="flex items-start gap-1.5">
              <span className="mt-0.5 text-soft">
                <Icon name="eye" />
              </span>
              <span className="min-w-0 wrap-anywhere">{one}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Said(props: { readonly title: string; readonly verdict: Verdict }): ReactNode {
  const { state, word, more } = props.verdict;
  return (
    <div>
      <h4 className="label">{props.title}</h4>
      <div className="font-semibold">
        <StateMark state={state} word={word} />
      </div>
      {more !== undefined && <p className="text-small text-soft">{more}</p>}
    </div>
  );
}
