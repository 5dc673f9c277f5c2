import type { ReactNode } from 'react';
import { useNow } from '../kit/clock.ts';
import { formatDuration, formatNumber } from '../kit/format.ts';
import { TimeText } from '../kit/TimeText.tsx';
import type { Run } from './use-backtest.ts';

/** How far a run is. */
export function Progress({ run }: { readonly run: Extract<Run, { state: 'running' }> }): ReactNode {
  const { progress, since } = run;
  const seconds = Math.max(0, Math.floor((useNow() - since) / 1000));
  return (
    <output className="flex flex-col gap-2 px-3 py-4 sm:px-5">
      <progress
        aria-label="Part of the time that is done"
        className="h-2 w-full max-w-xl accent-accent"
        max={1}
        value={progress?.progress}
      />
      <span className="text-soft">
        {progress === undefined ? (
          <span className="breathe">Compiling the rules…</span>
        ) : (
          <>
            {Math.floor(progress.progress * 100)} %, {formatNumber(progress.events)} events, now at{' '}
            <TimeText at={progress.received} />
          </>
        )}
        {seconds > 0 && ` · ${formatDuration(seconds * 1000)}`}
      </span>
    </output>
  );
}
