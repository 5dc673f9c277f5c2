import type { ReactNode } from 'react';
import { formatTime, zoneName } from '../../kit/format.ts';
import { useNow } from '../../kit/clock.ts';
import { useZone } from '../../kit/preferences.ts';
import { useMapModel, useMapState } from '../store.ts';
import { HealthMark } from '../table/HealthMark.tsx';
import type { HealthWord } from '../../../server/api/contract-map.ts';

const states: readonly HealthWord[] = ['ok', 'at-risk', 'degraded', 'down', 'no-evidence'];
const lines = [
  ['work goes on to', 1, ''],
  ['needs', 2.5, ''],
  ['uses', 1.5, '6 4'],
  ['needs some of a group', 1.5, '1.5 4'],
  ['escalates to', 1.5, '10 3 2 3'],
] as const;

/** Under the picture on paper: of which map, of when, and what the signs mean. */
export function PrintNote(): ReactNode {
  const title = useMapModel()?.title ?? '';
  const state = useMapState();
  const at = state.kind === 'past' ? state.at : undefined;
  const now = useNow();
  const zone = useZone();
  return (
    <div className="hidden text-small print:flex print:flex-wrap print:items-center print:gap-x-4 print:gap-y-1">
      <span className="font-semibold">
        {title}, {at === undefined ? 'as it was at' : 'the past as it was at'}{' '}
        {formatTime(at ?? now, zone)} {zoneName(zone)}
      </span>
      {states.map((state) => (
        <HealthMark key={state} state={state} />
      ))}
      {lines.map(([text, width, dashes]) => (
        <span key={text} className="flex items-center gap-1">
          <svg aria-hidden="true" viewBox="0 0 32 6" className="h-1.5 w-8">
            <path
              d="M0 3h32"
              stroke="currentColor"
              strokeWidth={width}
              strokeDasharray={dashes}
              fill="none"
            />
          </svg>
          {text}
        </span>
      ))}
    </div>
  );
}
