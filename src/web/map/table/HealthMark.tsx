import type { ReactNode } from 'react';
import type { HealthWord } from '../../../server/api/contract-map.ts';
import { stateWords } from './words.ts';

const looks: Readonly<Record<HealthWord, readonly [colour: string, shape: ReactNode]>> = {
  ok: ['text-ok', <circle key="s" cx="6" cy="6" r="3.8" />],
  'at-risk': [
    'text-warning',
    <path key="s" d="M6 1.8l4.6 8.2H1.4z" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  ],
  degraded: ['text-warning', <path key="s" d="M6 1.5l5 9H1z" />],
  down: ['text-critical', <path key="s" d="M1.7 1.7h8.6v8.6H1.7z" />],
  'no-evidence': [
    'text-unknown',
    <circle
      key="s"
      cx="6"
      cy="6"
      r="4"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="2 1.6"
    />,
  ],
};

interface HealthMarkProps {
  readonly state: HealthWord;
  /** Words instead of the state's own. */
  readonly children?: ReactNode;
}

/** How something is: by shape, word and colour, the same as in the picture. */
export function HealthMark({ state, children }: HealthMarkProps): ReactNode {
  const [colour, shape] = looks[state];
  return (
    <span className={`inline-flex min-w-0 items-baseline gap-1.5 ${colour}`}>
      <svg aria-hidden="true" viewBox="0 0 12 12" fill="currentColor" className="size-2.5 shrink-0">
        {shape}
      </svg>
      <span
        className={`${children === undefined ? 'whitespace-nowrap' : ''} ${state === 'ok' ? '' : 'font-semibold'}`}
      >
        {children ?? stateWords[state]}
      </span>
    </span>
  );
}
