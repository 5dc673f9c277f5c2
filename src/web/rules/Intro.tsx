import type { ReactNode } from 'react';
import { EmptyState } from '../kit/EmptyState.tsx';

/** Before the first run: what a backtest is and what it is not. */
export function Intro(): ReactNode {
  return (
    <EmptyState title="What would it have decided?">
      <p>
        Choose rules and a time, and press Run. The rules get the events that were recorded then, in
        the order in which they arrived, with the same windows and timers as live, but at full
        speed. Nothing is sent and nothing is put on the log.
      </p>
      <p>
        What runs now gets the same events beside it. You see both on one chart with the deploys of
        that time, what only one of them decided, and the events behind each difference. The same
        recording gives the same answer, however often you ask.
      </p>
      <p>
        To change a threshold: choose the file, edit it here, run, and save it when you are content.
      </p>
    </EmptyState>
  );
}
