import type { ReactNode } from 'react';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import type { Flaw } from '../kit/Editor.tsx';
import { RefusedRules } from './run-backtest.ts';

/** The places in the rules that an error names. */
export const flawsOf = (error: unknown): readonly Flaw[] =>
  error instanceof RefusedRules ? error.problems : [];

interface BacktestFailureProps {
  readonly error: unknown;
  readonly onGoTo: (flaw: Flaw) => void;
}

/** Why there is no result, with a way to each place that is at fault. */
export function BacktestFailure({ error, onGoTo }: BacktestFailureProps): ReactNode {
  if (!(error instanceof RefusedRules)) return <ErrorNotice error={error} />;
  return (
    <>
      <Notice look="critical">
        {error.message}
        <a
          href={`/docs/errors#${error.code}`}
          className="ml-2 font-mono text-small text-accent underline"
        >
          {error.code}
        </a>
      </Notice>
      <ul aria-label="What is wrong with the rules">
        {error.problems.map((flaw) => (
          <li
            key={`${flaw.file}:${flaw.line}:${flaw.column} ${flaw.message}`}
            className="border-b border-line px-3 py-1.5 sm:px-5"
          >
            <button
              type="button"
              onClick={() => onGoTo(flaw)}
              className="flex w-full flex-wrap gap-x-3 rounded-small py-1 text-left hover:bg-sunken"
            >
              <span className="font-mono text-small text-accent underline">
                {flaw.file}:{flaw.line}:{flaw.column}
              </span>
              <span className="wrap-anywhere">{flaw.message}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
