import { useCallback, useEffect, useRef, useState } from 'react';
import type {
  Backtest,
  BacktestProgress,
  BacktestRequest,
} from '../../server/api/contract-backtest.ts';
import { runBacktest } from './run-backtest.ts';

/** How a run stands. */
export type Run =
  | { readonly state: 'none' }
  | {
      readonly state: 'running';
      readonly since: number;
      /** Nothing yet while the rules are compiled. */
      readonly progress: BacktestProgress | undefined;
    }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'done'; readonly result: Backtest; readonly tookMs: number };

interface Handle {
  readonly run: Run;
  readonly start: (asked: BacktestRequest) => void;
  readonly cancel: () => void;
}

/** Runs one backtest at a time; leaving the page cancels it. */
export function useBacktest(): Handle {
  const [run, setRun] = useState<Run>({ state: 'none' });
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const cancel = useCallback(() => {
    stop.current?.abort();
    setRun({ state: 'cancelled' });
  }, []);
  const start = useCallback((asked: BacktestRequest) => {
    stop.current?.abort();
    const controller = new AbortController();
    stop.current = controller;
    const since = Date.now();
    const become = (next: Run): void => {
      if (!controller.signal.aborted) setRun(next);
    };
    become({ state: 'running', since, progress: undefined });
    runBacktest(
      asked,
      (progress) => become({ state: 'running', since, progress }),
      controller.signal,
    ).then(
      (result) => become({ state: 'done', result, tookMs: Date.now() - since }),
      (error: unknown) => become({ state: 'failed', error }),
    );
  }, []);
  return { run, start, cancel };
}
