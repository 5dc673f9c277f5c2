import type { ReactNode } from 'react';
import { glyphOf } from '../../../rooms/map/picture/shapes.ts';
import type { HealthWord } from '../../../server/api/contract-map.ts';
import './glyph.css';

/** The sign of a state in a square of 12 by 12, in the colour around it. */
export function GlyphParts({ state }: { readonly state: HealthWord }): ReactNode {
  return glyphOf(state).map(({ d, fill = 'none', stroke, width, dash }) => (
    <path
      key={d}
      d={d}
      className={`glyph-fill-${fill} glyph-stroke-${stroke ?? 'none'}`}
      strokeWidth={width}
      strokeDasharray={dash}
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ));
}

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
      <GlyphParts state={state} />
    </g>
  );
}
