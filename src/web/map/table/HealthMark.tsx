import type { ReactNode } from 'react';
import { glyphOf, type GlyphPart } from '../../../rooms/map/picture/shapes.ts';
import type { HealthWord } from '../../../server/api/contract-map.ts';
import { stateWords } from './words.ts';

const colours: Readonly<Record<HealthWord, string>> = {
  ok: 'text-ok',
  'at-risk': 'text-warning',
  degraded: 'text-warning',
  down: 'text-critical',
  'no-evidence': 'text-unknown',
};
const inks: Readonly<Record<'tone' | 'paper' | 'none', string>> = {
  tone: 'currentColor',
  paper: 'var(--raised)',
  none: 'none',
};

interface HealthMarkProps {
  readonly state: HealthWord;
  /** Words instead of the state's own. */
  readonly children?: ReactNode;
}

/** How something is: by shape, word and colour, the same as in the picture. */
export function HealthMark({ state, children }: HealthMarkProps): ReactNode {
  const weight = state === 'ok' ? '' : 'font-semibold';
  return (
    <span className={`inline-flex min-w-0 items-baseline gap-1.5 ${colours[state]}`}>
      <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3 shrink-0 translate-y-px">
        {glyphOf(state).map((part) => (
          <Part key={part.d} part={part} />
        ))}
      </svg>
      <span className={`${weight} ${children === undefined ? 'whitespace-nowrap' : ''}`}>
        {children ?? stateWords[state]}
      </span>
    </span>
  );
}

const Part = ({ part }: { readonly part: GlyphPart }): ReactNode => (
  <path
    d={part.d}
    fill={inks[part.fill ?? 'none']}
    stroke={inks[part.stroke ?? 'none']}
    strokeWidth={part.width}
    strokeDasharray={part.dash}
    strokeLinecap="round"
    strokeLinejoin="round"
  />
);
