import type { ReactNode } from 'react';
import type { WhereLane } from '../../server/api/contract-releases.ts';
import { StateMark } from '../kit/StateMark.tsx';

const states: Readonly<Record<WhereLane['verdict'], string>> = {
  verified: 'ok',
  claimed: 'claimed',
  mixed: 'warning',
  contradicted: 'critical',
  unknown: 'unknown',
};

/** How far what is told can be trusted, by word, shape and colour. */
export function VerdictMark({ verdict }: { readonly verdict: WhereLane['verdict'] }): ReactNode {
  return <StateMark state={states[verdict]} word={verdict} />;
}
