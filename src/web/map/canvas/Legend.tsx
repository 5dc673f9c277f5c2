import type { ReactNode } from 'react';
import type { HealthWord } from '../../../server/api/contract-map.ts';
import { HealthMark } from '../table/HealthMark.tsx';
import { pathOf } from './line-shapes.ts';

const states: readonly (readonly [HealthWord, string])[] = [
  ['ok', 'seen to be good'],
  ['at-risk', 'good, but something it needs is not'],
  ['degraded', 'works, worse than it should'],
  ['down', 'does not work'],
  ['no-evidence', 'nothing is known, which is not ok'],
];
const lines = [
  ['flow', 'work or traffic goes on to'],
  ['hard', 'needs; its state is passed on'],
  ['soft', 'uses; at risk without it'],
  ['member', 'needs some of a group'],
  ['escalation', 'escalates to'],
] as const;

/** What the shapes and lines mean. Closed until it is asked for. */
export function Legend(): ReactNode {
  return (
    <details className="absolute bottom-3 left-3 max-w-[min(19rem,calc(100%-5rem))] rounded-normal border border-line-strong/60 bg-raised text-small shadow-float print:hidden">
      <summary className="h-8 cursor-pointer px-2.5 leading-8 text-soft hover:text-ink">
        What the signs mean
      </summary>
      <div className="flex flex-col gap-2.5 border-t border-line px-2.5 py-2">
        <ul className="flex flex-col gap-0.5">
          {states.map(([state, means]) => (
            <li key={state} className="grid grid-cols-[6.25rem_1fr] gap-2">
              <HealthMark state={state} />
              <span className="text-soft">{means}</span>
            </li>
          ))}
        </ul>
        <ul className="map-picture flex cursor-default! flex-col gap-0.5 bg-transparent!">
          {lines.map(([kind, means]) => (
            <li key={kind} className="grid grid-cols-[6.25rem_1fr] items-center gap-2">
              <svg aria-hidden="true" viewBox="0 0 64 12" className="h-3 w-16">
                <g className="map-line" data-kind={kind}>
                  <path
                    className="map-line-way"
                    d={pathOf([
                      [1, 6],
                      [56, 6],
                    ])}
                  />
                  <path className="map-line-head" d="M63 6L55 2v8Z" />
                </g>
              </svg>
              <span className="text-soft">{means}</span>
            </li>
          ))}
        </ul>
        <p className="text-soft">
          “?” : down by its needs, and yet seen to be good: the map may be wrong. “+”: a group that
          opens.
        </p>
      </div>
    </details>
  );
}
