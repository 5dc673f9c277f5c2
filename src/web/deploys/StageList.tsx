import type { ReactNode } from 'react';
import type { Deploy, DeployStage } from '../../server/api/contract-deploys.ts';
import { useNow } from '../kit/clock.ts';
import { formatDuration } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { stageWords, stagesToCome } from './words.ts';

const marks = {
  running: ['running', 'now'],
  done: ['ok', 'done'],
  failed: ['critical', 'failed'],
  skipped: ['skipped', 'nothing to do'],
} as const;

/** The way of a deploy: what was done and how long it took, what is done now, what is still to come. */
export function StageList({ deploy }: { readonly deploy: Deploy }): ReactNode {
  const now = useNow();
  return (
    <ol aria-label="Stages" className="flex flex-col gap-1">
      {deploy.stages.map((stage) => (
        <Stage key={stage.stage} of={stage} now={now} />
      ))}
      {stagesToCome(deploy).map((stage) => (
        <li key={stage} className={row}>
          <span className="text-faint">{stageWords[stage]}</span>
          <span className="text-faint">to come</span>
        </li>
      ))}
    </ol>
  );
}

const row = 'grid grid-cols-[minmax(0,1fr)_7rem_4.5rem] items-baseline gap-x-3';

function Stage({ of, now }: { readonly of: DeployStage; readonly now: number }): ReactNode {
  const [mark, word] = marks[of.state];
  const took = (of.ended ?? now) - of.started;
  return (
    <li className={row} aria-current={of.state === 'running' ? 'step' : undefined}>
      <span className={`wrap-anywhere ${of.state === 'running' ? 'font-semibold' : ''}`}>
        {stageWords[of.stage]}
        {of.text !== null && <span className="block text-small text-soft">{of.text}</span>}
      </span>
      <StateMark state={mark} word={word} />
      <span className="text-right text-small text-soft tabular-nums">
        {of.state === 'skipped' ? '' : formatDuration(Math.max(0, took))}
      </span>
    </li>
  );
}
