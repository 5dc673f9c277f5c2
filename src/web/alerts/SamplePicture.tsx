/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a drawing with a name, not a picture from a file */
import type { ReactNode } from 'react';
import type { Sample } from '../../rules/correlate/verdict.ts';
import { formatIn, type Unit } from '../kit/units.ts';

interface SamplePictureProps {
  readonly before: Sample;
  readonly after: Sample;
  readonly unit: Unit;
}

/** Both samples on one scale: the bar is the mean with its deviation, the line the median. */
export function SamplePicture({ before, after, unit }: SamplePictureProps): ReactNode {
  const ends = [before, after].flatMap((s) => [
    s.mean - s.deviation,
    s.mean + s.deviation,
    s.median,
  ]);
  const least = Math.min(...ends);
  const span = Math.max(...ends) - least || 1;
  const x = (value: number): number => 2 + (96 * (value - least)) / span;
  return (
    <div
      role="img"
      aria-label={`Before: ${formatIn(unit, before.median)} median. After: ${formatIn(unit, after.median)} median.`}
      className="grid max-w-xl grid-cols-[3.5rem_minmax(0,1fr)] items-center gap-x-2 gap-y-1.5"
    >
      {(
        [
          ['before', before, 'var(--series-8)'],
          ['after', after, 'var(--series-2)'],
        ] as const
      ).map(([name, sample, colour]) => (
        <div key={name} className="contents">
          <span className="text-small text-soft">{name}</span>
          <svg viewBox="0 0 100 12" preserveAspectRatio="none" className="h-4 w-full">
            <rect
              x={x(sample.mean - sample.deviation)}
              width={Math.max(
                0.5,
                x(sample.mean + sample.deviation) - x(sample.mean - sample.deviation),
              )}
              y="3"
              height="6"
              fill={colour}
              opacity="0.35"
            />
            <path
              d={`M${x(sample.median)} 0v12`}
              stroke={colour}
              strokeWidth="2.5"
              vectorEffect="non-scaling-stroke"
            />
          </svg>
        </div>
      ))}
      <span />
      <span className="flex justify-between text-tiny text-faint">
        <span>{formatIn(unit, least)}</span>
        <span>{formatIn(unit, least + span)}</span>
      </span>
    </div>
  );
}
