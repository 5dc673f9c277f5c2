import type { ReactNode } from 'react';
import type { HealthWord } from '../../../server/api/contract-map.ts';

const shapes: Readonly<Record<HealthWord, ReactNode>> = {
  ok: <circle cx="6" cy="6" r="4" />,
  'at-risk': <path d="M6 1.8l4.6 8.2H1.4z" className="map-glyph-hollow" />,
  degraded: <path d="M6 1l5.3 9.5H.7z" />,
  down: <path d="M1.4 1.4h9.2v9.2H1.4z" />,
  'no-evidence': (
    <circle cx="6" cy="6" r="4.2" className="map-glyph-hollow" strokeDasharray="2 1.6" />
  ),
};

interface GlyphProps {
  readonly state: HealthWord;
  readonly x: number;
  readonly y: number;
  /** px of the drawing */
  readonly size: number;
}

/** A state as a shape in its colour, within a picture. */
export function Glyph({ state, x, y, size }: GlyphProps): ReactNode {
  return (
    <g
      className="map-glyph"
      data-state={state}
      transform={`translate(${x} ${y}) scale(${size / 12})`}
    >
      {shapes[state]}
    </g>
  );
}
