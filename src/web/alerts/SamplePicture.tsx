/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a drawing with a name, not a picture from a file */
import type { ReactNode } from 'react';
import type { Evidence, Sample } from '../../rules/correlate/verdict.ts';
import { formatIn, type Unit } from '../kit/units.ts';

interface SamplePictureProps {
  readonly before: Sample;
  readonly after: Sample;
  readonly shift: Evidence['shift'];
  readonly unit: Unit;
}

/** Both samples on one scale, and under them the shift with its interval on a scale that has 0. */
export function SamplePicture({ before, after, shift, unit }: SamplePictureProps): ReactNode {
  const ends = [before, after].flatMap((s) => [
    s.mean - s.deviation,
    s.mean + s.deviation,
    s.median,
  ]);
  const samples = scaleOf(ends);
  const shifts = scaleOf([0, shift.low, shift.high]);
  return (
    <div
      role="img"
      aria-label={`Median before ${formatIn(unit, before.median)}, after ${formatIn(unit, after.median)}. Shift ${formatIn(unit, shift.estimate)}, between ${formatIn(unit, shift.low)} and ${formatIn(unit, shift.high)}.`}
      className="grid max-w-xl grid-cols-[3.5rem_minmax(0,1fr)] items-center gap-x-2 gap-y-1.5"
    >
      <SampleRow name="before" sample={before} x={samples.x} colour="var(--series-8)" />
      <SampleRow name="after" sample={after} x={samples.x} colour="var(--series-2)" />
      <Ends scale={samples} unit={unit} />
      <span className="text-small text-soft">shift</span>
      <svg viewBox="0 0 100 12" preserveAspectRatio="none" className="h-4 w-full text-ink">
        <path
          d={`M${shifts.x(0)} 0v12`}
          stroke="var(--line-strong)"
          strokeDasharray="2 2"
          vectorEffect="non-scaling-stroke"
        />
        <path
          d={`M${shifts.x(shift.low)} 6H${shifts.x(shift.high)}M${shifts.x(shift.low)} 3v6M${shifts.x(shift.high)} 3v6`}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
        <path
          d={`M${shifts.x(shift.estimate)} 1v10`}
          stroke="currentColor"
          strokeWidth="3"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <Ends scale={shifts} unit={unit} />
    </div>
  );
}

interface Scale {
  readonly least: number;
  readonly most: number;
  /** In percent of the width. */
  readonly x: (value: number) => number;
}

function scaleOf(values: readonly number[]): Scale {
  const least = Math.min(...values);
  const most = Math.max(...values);
  return { least, most, x: (value) => 2 + (96 * (value - least)) / (most - least || 1) };
}

/** The bar is the mean with its deviation, the line the median. */
function SampleRow(props: {
  readonly name: string;
  readonly sample: Sample;
  readonly x: Scale['x'];
  readonly colour: string;
}): ReactNode {
  const { name, sample, x, colour } = props;
  const left = x(sample.mean - sample.deviation);
  const right = x(sample.mean + sample.deviation);
  return (
    <>
      <span className="text-small text-soft">{name}</span>
      <svg viewBox="0 0 100 12" preserveAspectRatio="none" className="h-4 w-full">
        <rect
          x={left}
          width={Math.max(0.5, right - left)}
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
    </>
  );
}

function Ends({ scale, unit }: { readonly scale: Scale; readonly unit: Unit }): ReactNode {
  return (
    <>
      <span />
      <span className="mb-1 flex justify-between text-tiny text-faint">
        <span>{formatIn(unit, scale.least)}</span>
        <span>{formatIn(unit, scale.most)}</span>
      </span>
    </>
  );
}
