import type { ReactNode } from 'react';
import type { StepRow } from '../../server/api/contract-checks.ts';
import { formatDuration } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';

const marks = {
  passed: ['ok', 'passed'],
  failed: ['critical', 'failed'],
  unknown: ['unknown', 'unknown'],
  skipped: ['skipped', 'skipped'],
} as const;

interface StepListProps {
  readonly label: string;
  readonly of: readonly StepRow[];
}

/** The steps of a run as they are written, with how long each took and why one failed. */
export function StepList({ label, of }: StepListProps): ReactNode {
  const most = Math.max(1e-6, ...of.map(({ seconds }) => seconds));
  return (
    <ol aria-label={label} className="flex flex-col gap-1">
      {of.map(({ line, text, state, seconds, failure }) => {
        const [mark, word] = marks[state];
        return (
          <li
            key={`${line} ${text}`}
            className="grid grid-cols-[minmax(0,1fr)_5.5rem_4.5rem] items-baseline gap-x-3"
          >
            <span className={`wrap-anywhere ${state === 'skipped' ? 'text-faint' : ''}`}>
              {text}
            </span>
            <StateMark state={mark} word={word} />
            <span className="text-right text-small text-soft tabular-nums">
              {state === 'skipped' ? '' : timeOf(seconds)}
            </span>
            {state !== 'skipped' && (
              <span aria-hidden="true" className="col-start-3 h-0.5 bg-line">
                <span
                  className="block h-full bg-accent"
                  style={{ width: `${(seconds / most) * 100}%` }}
                />
              </span>
            )}
            {failure !== null && (
              <pre className="col-span-full mt-0.5 max-h-48 overflow-auto border-l-[3px] border-critical bg-critical-wash px-2 py-1 font-mono text-small whitespace-pre-wrap wrap-anywhere">
                {failure}
              </pre>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** Parts of a millisecond say nothing of a step. */
const timeOf = (seconds: number): string =>
  seconds < 0.001 ? '< 1 ms' : formatDuration(seconds * 1000);
