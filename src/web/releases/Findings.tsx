import type { ReactNode } from 'react';
import type { WhereFinding } from '../../server/api/contract-releases.ts';
import { StateMark } from '../kit/StateMark.tsx';

const marks: Readonly<Record<WhereFinding['level'], string>> = {
  critical: 'critical',
  warning: 'warning',
  note: 'told',
};

interface FindingsProps {
  readonly of: readonly WhereFinding[];
  /** So many are shown, the worst first. */
  readonly most?: number;
}

/** What is wrong beside the version, by shape and in words. */
export function Findings({ of, most = of.length }: FindingsProps): ReactNode {
  if (of.length === 0) return null;
  return (
    <ul className="flex flex-col text-small">
      {of.slice(0, most).map(({ level, kind, text }) => (
        <li key={`${kind} ${text}`} className="flex">
          <span className="shrink-0 pt-[3px]">
            <StateMark state={marks[level]} word="" />
          </span>
          <span className={`min-w-0 wrap-anywhere ${level === 'note' ? 'text-soft' : 'text-ink'}`}>
            <span className="sr-only">{level}: </span>
            {text}
          </span>
        </li>
      ))}
      {of.length > most && <li className="pl-3.5 text-soft">and {of.length - most} more</li>}
    </ul>
  );
}
