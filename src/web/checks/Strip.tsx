import { memo, type MouseEvent, type ReactNode, useState } from 'react';
import type { StripSlot } from '../../server/api/contract-checks.ts';
import { formatDuration, formatTime } from '../kit/format.ts';
import { useZone, type Zone } from '../kit/preferences.ts';
import {
  releasePath,
  slotAt,
  stripBox,
  stripPaths,
  stripSlots,
  stripWords,
} from './strip-shapes.ts';

const colours: Readonly<Record<StripSlot['state'], string>> = {
  ok: 'text-ok',
  warning: 'text-warning',
  critical: 'text-critical',
  unknown: 'text-unknown',
  missed: 'text-faint',
};

interface StripProps {
  readonly slots: readonly StripSlot[];
  /** There is room: as wide as it may be, and higher. */
  readonly isBig?: boolean;
}

/** The last slots of a check, oldest to the left; pointing at one says what it was. */
export const Strip = memo(function Strip({ slots, isBig = false }: StripProps): ReactNode {
  const zone = useZone();
  const [title, setTitle] = useState<string>();
  const width = stripSlots * stripBox.slot;
  const onMove = (e: MouseEvent<SVGSVGElement>): void => {
    const { left, width: wide } = e.currentTarget.getBoundingClientRect();
    const slot = slotAt(slots, (e.clientX - left) / wide);
    setTitle(slot && wordsOf(slot, zone));
  };
  const releases = releasePath(slots);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- pointing only says more of what its name and the runs have
    <svg
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing with a name, not a file
      role="img"
      aria-label={stripWords(slots)}
      viewBox={`0 0 ${width} ${stripBox.height}`}
      preserveAspectRatio="none"
      onMouseMove={onMove}
      fill="currentColor"
      shapeRendering="crispEdges"
      className={isBig ? 'h-10 w-full max-w-3xl' : 'h-6 w-60 @max-[52rem]/cards:w-full'}
    >
      {title !== undefined && <title>{title}</title>}
      <rect width={width} height={stripBox.height} fill="transparent" />
      <path d={`M0 ${stripBox.base}h${width}v.5H0z`} className="text-line" />
      {[...stripPaths(slots)].map(([state, path]) => (
        <path key={state} d={path} className={colours[state]} />
      ))}
      {releases !== '' && <path d={releases} className="text-accent" />}
    </svg>
  );
});

const wordsOf = ({ slot, state, durationMs, release }: StripSlot, zone: Zone): string =>
  [
    `${state}, ${formatTime(slot, zone)}`,
    ...(durationMs === null ? [] : [formatDuration(durationMs)]),
    ...(release === null ? [] : [release]),
  ].join(', ');
