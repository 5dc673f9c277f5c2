import { memo, type ReactNode } from 'react';
import type { DrawingAnswer } from '../../../server/api/contract-map-drawing.ts';
import { quadrantWords } from '../table/words.ts';

type Quadrant = DrawingAnswer['frames'][number]['quadrant'];

const hints: Readonly<Record<Quadrant, readonly string[]>> = {
  development: ['How work is made: steps such as', 'code, review, design, and who does them.'],
  pipeline: ['How work is shipped: repositories,', 'build servers, environments.'],
  production: ['What runs, from the end user at the top', 'down to databases and suppliers.'],
  support: ['How users are heard: helpdesk, lines', 'of support, and whom they escalate to.'],
};

/** The four quadrants, each under its title; an empty one says what belongs into it. */
export const Frames = memo(function Frames({ drawing }: { drawing: DrawingAnswer }): ReactNode {
  const filled = new Set(drawing.boxes.map(({ quadrant }) => quadrant));
  return (
    <>
      {drawing.frames.map(({ quadrant, x, y, width, height }) => (
        <g key={quadrant} transform={`translate(${x} ${y})`}>
          <rect className="map-frame" width={width} height={height} rx={10} />
          <text className="map-frame-title" x={16} y={26}>
            {quadrantWords[quadrant]}
          </text>
          {!filled.has(quadrant) &&
            hints[quadrant].map((hint, at) => (
              <text key={hint} className="map-frame-hint" x={16} y={56 + at * 18}>
                {hint}
              </text>
            ))}
        </g>
      ))}
    </>
  );
});
