import type { ReactNode } from 'react';
import { formatDuration } from '../../kit/format.ts';
import type { Division } from './item-parts.ts';

const looks = { work: 'part-work', wait: 'part-wait', rework: 'part-rework' } as const;
type Kind = keyof typeof looks;
const kinds = ['work', 'wait', 'rework'] as const;

/** `2 h work, 1 d wait`: what there is none of is left out. */
export function divisionText(division: Division): string {
  const parts = kinds
    .filter((kind) => division[kind] > 0)
    .map((kind) => `${formatDuration(division[kind])} ${kind}`);
  return parts.length === 0 ? 'no time at all' : parts.join(', ');
}

/** A part of a bar: from where, how long, in percent of the whole. */
function Piece(props: {
  readonly kind: Kind;
  readonly left: number;
  readonly width: number;
  readonly title: string;
}): ReactNode {
  return (
    <span
      title={props.title}
      className={`absolute inset-y-0 ${looks[props.kind]}`}
      style={{ left: `${props.left}%`, width: `max(${props.width}%, 1px)` }}
    />
  );
}

interface PartsBarProps {
  /** In the order of time; `start` and the parts in ms. */
  readonly of: readonly (Division & { readonly start: number; readonly name: string })[];
  /** What the whole width stands for, ms. */
  readonly whole: number;
  readonly label: string;
}

/** Work, wait and rework of one or more stages as lengths on one scale. The text beside it says the same. */
export function PartsBar({ of, whole, label }: PartsBarProps): ReactNode {
  const percent = (ms: number): number => (whole > 0 ? (100 * ms) / whole : 0);
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing with a name, not a file
    <div role="img" aria-label={label} className="relative h-5 w-full bg-sunken print:border">
      {of.map((stretch, at) => {
        let left = stretch.start;
        return (
          // A stage may come twice, so that its name does not tell.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={`${stretch.name} ${at}`}>
            {kinds.map((kind) => {
              const length = stretch[kind];
              const from = left;
              left += length;
              return length > 0 ? (
                <Piece
                  key={kind}
                  kind={kind}
                  left={percent(from)}
                  width={percent(length)}
                  title={`${stretch.name}: ${formatDuration(length)} ${kind}`}
                />
              ) : null;
            })}
            {at > 0 && (
              <span
                className="absolute -inset-y-0.5 w-px bg-ink"
                style={{ left: `${percent(stretch.start)}%` }}
              />
            )}
          </span>
        );
      })}
    </div>
  );
}

/** Which look means what. */
export function PartsLegend(): ReactNode {
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 text-small text-soft">
      {kinds.map((kind) => (
        <span key={kind} className="flex items-center gap-1.5">
          <span aria-hidden="true" className={`inline-block h-3 w-5 ${looks[kind]}`} />
          {kind}
        </span>
      ))}
    </p>
  );
}
