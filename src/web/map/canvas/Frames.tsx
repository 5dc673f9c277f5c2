import { memo, type ReactNode } from 'react';
import type { DrawingAnswer } from '../../../server/api/contract-map-drawing.ts';
import { quadrantWords } from '../table/words.ts';
import { fitText } from './fit-text.ts';

type Quadrant = DrawingAnswer['frames'][number]['quadrant'];

const hints: Readonly<Record<Quadrant, readonly string[]>> = {
  development: ['How work is made: steps such as', 'code, review, design, and who does them.'],
  pipeline: ['How work is shipped: repositories,', 'build servers, environments.'],
  production: ['What runs, from the end user at the top', 'down to databases and suppliers.'],
  support: ['How users are heard: helpdesk, lines', 'of support, and whom they escalate to.'],
};

/** One for each level of detail, as large as canvas.css has it: the farther away, the larger. */
const titles = [
  { name: 'near', size: 15 },
  { name: 'mid', size: 19 },
  { name: 'far', size: 28 },
] as const;

/** The four quadrants, each under its title; an empty one says what belongs into it. */
export const Frames = memo(function Frames({ drawing }: { drawing: DrawingAnswer }): ReactNode {
  const filled = new Set(drawing.boxes.map(({ quadrant }) => quadrant));
  return (
    <>
      {drawing.frames.map(({ quadrant, x, y, width, height }) => (
        <g key={quadrant} transform={`translate(${x} ${y})`}>
          <rect className="map-frame" width={width} height={height} rx={10} />
          <title>{quadrantWords[quadrant]}</title>
          {titles.map(({ name, size }) => (
            <text key={name} className={`map-frame-title map-frame-${name}`} x={16} y={26}>
              {fitText(quadrantWords[quadrant], width - 24, { size, weight: 600 })}
            </text>
          ))}
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
