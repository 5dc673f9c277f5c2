import type { ReactNode } from 'react';
import { StateMark } from '../kit/StateMark.tsx';

/** running: a disc; warming: a ring; stopped: a square; rejected: a triangle. */
const marks = {
  running: 'ok',
  warming: 'warming',
  stopped: 'critical',
  rejected: 'warning',
} as const;

/** How a rule or its file stands, by word, shape and colour. */
export const RuleStateMark = ({ state }: { readonly state: keyof typeof marks }): ReactNode => (
  <StateMark state={marks[state]} word={state} />
);
