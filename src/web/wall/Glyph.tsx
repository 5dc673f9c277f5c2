import type { ReactNode } from 'react';
import type { HealthWord } from '../../server/api/contract-map.ts';

const shapes: Readonly<Record<HealthWord, ReactNode>> = {
  ok: <circle cx="6" cy="6" r="3.8" />,
  'at-risk': <path d="M6 1.8l4.6 8.2H1.4z" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  degraded: <path d="M6 1.5l5 9H1z" />,
  down: <path d="M1.7 1.7h8.6v8.6H1.7z" />,
  'no-evidence': (
    <circle
      cx="6"
      cy="6"
      r="4"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="2 1.6"
    />
  ),
};

/** The shape of a state, as high as the words beside it. */
export const Glyph = ({ state }: { readonly state: HealthWord }): ReactNode => (
  <svg aria-hidden="true" viewBox="0 0 12 12" fill="currentColor" className="wall-glyph">
    {shapes[state]}
  </svg>
);
