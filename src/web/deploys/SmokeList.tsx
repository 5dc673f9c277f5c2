import type { ReactNode } from 'react';
import type { Smoke } from '../../server/api/contract-deploys.ts';
import { formatDuration } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';

const marks = {
  running: ['running', 'running'],
  passed: ['ok', 'passed'],
  failed: ['critical', 'failed'],
  'not-run': ['unknown', 'not run'],
} as const;

/** The smoke test's scenarios as their results come. One that was not run is no pass. */
export function SmokeList(props: {
  readonly of: readonly Smoke[];
  /** The deploy is over: no more will come. */
  readonly isOver: boolean;
}): ReactNode {
  const { of } = props;
  if (of.length === 0)
    return (
      <p className="text-soft">
        {props.isOver ? 'No scenario was run; the release may have none.' : 'No result yet.'}
      </p>
    );
  return (
    <ul aria-label="Smoke test" className="flex flex-col gap-1">
      {of.map(({ scenario, state, seconds, text }) => {
        const [mark, word] = marks[state];
        return (
          <li
            key={scenario}
            className="grid grid-cols-[minmax(0,1fr)_6rem_4.5rem] items-baseline gap-x-3"
          >
            <span className="wrap-anywhere">
              {scenario}
              {text !== null && <span className="block text-small text-soft">{text}</span>}
            </span>
            <StateMark state={mark} word={word} />
            <span className="text-right text-small text-soft tabular-nums">
              {seconds === null ? '' : formatDuration(seconds * 1000)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
