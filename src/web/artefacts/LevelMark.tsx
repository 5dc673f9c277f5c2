import type { ReactNode } from 'react';
import type { DiffLevel } from '../../server/api/contract-artefacts.ts';
import { StateMark } from '../kit/StateMark.tsx';

const states: Readonly<Record<DiffLevel, string>> = {
  none: 'none',
  code: 'ok',
  config: 'ok',
  dependency: 'ok',
  'migration-expand': 'warning',
  'migration-contract': 'critical',
  incompatible: 'critical',
};

/** How far a change reaches, by word, shape and colour. */
export function LevelMark({ level }: { readonly level: DiffLevel }): ReactNode {
  return <StateMark state={states[level]} word={level === 'none' ? 'no change' : level} />;
}
