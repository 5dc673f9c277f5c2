import type { KeyboardEvent, ReactNode } from 'react';
import type { HealthWord } from '../../../server/api/contract-map.ts';
import { HealthMark } from '../table/HealthMark.tsx';
import { LineShape } from './Lines.tsx';

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

function closeOnEscape(e: KeyboardEvent<HTMLDetailsElement>): void {
  if (e.key !== 'Escape' || !e.currentTarget.open) return;
  e.stopPropagation();
  e.currentTarget.open = false;
  e.currentTarget.querySelector('summary')?.focus();
}

const sample: [number, number][] = [
  [1, 6],
  [62, 6],
];

/** What the shapes and lines mean. Closed until it is asked for. */
export function Legend(): ReactNode {
  return (
    // Escape closes it from anywhere inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <details className="relative print:hidden" onKeyDown={closeOnEscape}>
      <summary className="control flex cursor-pointer list-none items-center border-line-strong/60! whitespace-nowrap hover:bg-sunken">
        Signs
      </summary>
      <div className="absolute right-0 z-30 mt-1 flex w-[min(22rem,90vw)] flex-col gap-2.5 rounded-normal border border-line bg-raised p-3 text-small shadow-float max-sm:right-auto max-sm:left-0">
        <ul className="flex flex-col gap-0.5">
          {states.map(([state, means]) => (
            <li key={state} className="grid grid-cols-[6.25rem_1fr] gap-2">
              <HealthMark state={state} />
              <span className="text-soft">{means}</span>
            </li>
          ))}
        </ul>
        <ul className="flex flex-col gap-0.5">
          {lines.map(([kind, means]) => (
            <li key={kind} className="grid grid-cols-[6.25rem_1fr] items-center gap-2">
              <svg aria-hidden="true" viewBox="0 0 64 12" className="h-3 w-16">
                <g className="map-line" data-kind={kind}>
                  <LineShape kind={kind} points={sample} />
                </g>
              </svg>
              <span className="text-soft">{means}</span>
            </li>
          ))}
        </ul>
        <p className="text-soft">
          <b>?</b> down by its needs, yet seen to be good: the map may be wrong.
          <br />
          <b>+</b> a group that opens.
        </p>
      </div>
    </details>
  );
}
