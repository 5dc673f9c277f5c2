import type { ReactNode } from 'react';

/** Fewer values than that do not fill the width: a line of two points would lie about time. */
const narrowest = 24;

interface SparklineProps {
  /** Oldest first; null where nothing is known. */
  readonly values: readonly (number | null)[];
}

/** A line without axes that starts at zero. Decoration: the number beside it is what counts. */
export function Sparkline({ values }: SparklineProps): ReactNode {
  const width = Math.max(narrowest, values.length);
  const most = Math.max(1e-9, ...values.map((v) => v ?? 0));
  const left = width - values.length;
  let path = '';
  let down = false;
  values.forEach((value, i) => {
    if (value !== null)
      path += `${down ? 'L' : 'M'}${(((left + i) / (width - 1)) * 100).toFixed(1)} ${(23 - (value / most) * 21).toFixed(1)}`;
    down = value !== null;
  });
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 100 24"
      preserveAspectRatio="none"
      className="h-6 w-full text-accent"
    >
      <path d="M0 23.5h100" stroke="var(--line)" vectorEffect="non-scaling-stroke" />
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
