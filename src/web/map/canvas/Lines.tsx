import { memo, type ReactNode } from 'react';
import {
  arrowOf,
  labelSpot,
  lineStyleOf,
  pathOf,
  shaftOf,
} from '../../../rooms/map/picture/shapes.ts';
import type { DrawingAnswer } from '../../../server/api/contract-map-drawing.ts';

type LineOf = DrawingAnswer['lines'][number];

interface LinesProps {
  readonly lines: readonly LineOf[];
  /** Boxes that do not fade; undefined: nothing fades. */
  readonly focus: ReadonlySet<string> | undefined;
  readonly chain: ReadonlySet<string>;
  /** The box whose lines stand out. */
  readonly near: string | undefined;
}

/** What leads from where to where. Lines are read out with the boxes, not by themselves. */
export function Lines({ lines, focus, chain, near }: LinesProps): ReactNode {
  const isFaded = ({ from, to }: LineOf): boolean =>
    focus !== undefined && !(focus.has(from) && focus.has(to));
  return (
    <g aria-hidden="true">
      {lines.map((line) => (
        <Line
          key={line.id}
          line={line}
          isFaded={isFaded(line)}
          isOnChain={chain.has(line.id)}
          isNear={line.from === near || line.to === near}
        />
      ))}
      {lines.map(
        (line) =>
          line.label !== undefined && <Label key={line.id} line={line} isFaded={isFaded(line)} />,
      )}
    </g>
  );
}

const Line = memo(function Line(props: {
  readonly line: LineOf;
  readonly isFaded: boolean;
  readonly isOnChain: boolean;
  readonly isNear: boolean;
}): ReactNode {
  const { line } = props;
  return (
    <g
      className="map-line"
      data-kind={line.kind}
      data-faded={props.isFaded || undefined}
      data-chain={props.isOnChain || undefined}
      data-near={props.isNear || undefined}
    >
      <LineShape kind={line.kind} points={line.points} />
    </g>
  );
});

interface LabelProps {
  readonly line: LineOf;
  readonly isFaded: boolean;
}

/** What a line says stands before all lines: one that was drawn later would go through the words. */
const Label = memo(function Label({ line, isFaded }: LabelProps): ReactNode {
  const spot = labelSpot(line.points);
  return (
    <text
      className="map-line-label"
      x={spot.x}
      y={spot.y}
      textAnchor={spot.anchor}
      data-faded={isFaded || undefined}
    >
      {line.label}
    </text>
  );
});

/** A line of that kind, with its head. */
export function LineShape({ kind, points }: Pick<LineOf, 'kind' | 'points'>): ReactNode {
  const { width, dash, double, round } = lineStyleOf(kind);
  const way = pathOf(shaftOf(points));
  return (
    <>
      <path
        className="map-line-way"
        d={way}
        strokeWidth={width}
        strokeDasharray={dash}
        strokeLinecap={round ? 'round' : undefined}
      />
      {double && <path className="map-line-core" d={way} strokeWidth={width / 2} />}
      <path className="map-line-head" d={arrowOf(points)} />
    </>
  );
}
