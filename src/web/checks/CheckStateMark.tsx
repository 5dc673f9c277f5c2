import type { ReactNode } from 'react';
import type { CheckStanding } from '../../server/api/contract-checks.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { stateWord } from './words.ts';

/** How a check stands, by word, shape and colour; a trouble that may pass says which attempt it is. */
export const CheckStateMark = ({ of }: { readonly of: CheckStanding }): ReactNode => (
  <StateMark state={of.shown} word={stateWord(of)} />
);
