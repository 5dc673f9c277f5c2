import type { ReactNode } from 'react';
import type { Severity } from './order.ts';

const looks = {
  critical: ['bg-critical-wash text-critical', 'M1.5 1.5h9v9h-9z'],
  unknown: ['bg-sunken text-unknown', 'M6 .5L11.5 6 6 11.5.5 6z'],
  warning: ['bg-warning-wash text-warning', 'M6 1l5.4 9.8H.6z'],
} as const;

interface SeverityMarkProps {
  readonly severity: Severity;
  /** It is over: the shape is hollow, and the word says so. */
  readonly isOver?: boolean;
}

/** How bad it is by word, shape and colour, so large that it is seen from across the room. */
export function SeverityMark({ severity, isOver = false }: SeverityMarkProps): ReactNode {
  const [colour, shape] = looks[severity];
  return (
    <span
      className={`inline-flex h-6 shrink-0 items-center gap-1.5 rounded-small px-2 text-small font-semibold ${isOver ? 'bg-sunken text-soft' : colour}`}
    >
      <svg
        aria-hidden="true"
        viewBox="0 0 12 12"
        className="size-3"
        fill={isOver ? 'none' : 'currentColor'}
        stroke="currentColor"
      >
        <path d={shape} />
      </svg>
      {isOver ? `was ${severity}` : severity}
    </span>
  );
}
