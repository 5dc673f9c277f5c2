/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a drawing with a name, not a picture from a file */
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { formatCount, formatNumber } from '../kit/format.ts';
import { Scrollable } from '../kit/Scrollable.tsx';
import { type Column, Table } from '../kit/Table.tsx';
import {
  boxHeight,
  boxWidth,
  type Box,
  type Line,
  pictureOf,
  type PlanNode,
} from './plan-layout.ts';
import type { Rates } from './use-rates.ts';

interface PlanGraphProps {
  readonly name: string;
  readonly nodes: readonly PlanNode[];
  /** Events per second that left each node, by its id; nothing until two answers are there. */
  readonly rates: Rates;
}

/** The plan of a rule: operators as boxes, events as lines with how many went along each. */
export function PlanGraph({ name, nodes, rates }: PlanGraphProps): ReactNode {
  // The layout depends on what is joined with what, not on the counts that move all the time.
  const shape = JSON.stringify(nodes.map(({ id, inputs }) => [id, inputs]));
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- see above
  const picture = useMemo(() => pictureOf(nodes), [shape]);
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where it does not fit, what comes in is in sight first.
    const [first] = picture.boxes;
    if (frame.current && first) frame.current.scrollLeft = first.x - frame.current.clientWidth / 2;
  }, [picture]);
  const now = new Map(nodes.map((node) => [node.id, node]));
  return (
    <>
      <Scrollable ref={frame} label={`Plan of ${name}`} className="overflow-x-auto">
        <svg
          role="img"
          aria-label={`Plan of ${name}: ${nodes.length} operators, from events to decisions. The table below says the same.`}
          viewBox={`0 0 ${picture.width} ${picture.height}`}
          width={picture.width}
          height={picture.height}
          className="mx-auto block max-w-none"
        >
          {picture.lines.map((line) => (
            <LineOf
              key={`${line.from.id} ${line.to.id}`}
              line={line}
              count={now.get(line.from.id)?.out ?? 0}
              rate={rates.get(line.from.id)}
            />
          ))}
          {picture.boxes.map((box) => (
            <BoxOf key={box.node.id} box={box} node={now.get(box.node.id) ?? box.node} />
          ))}
        </svg>
      </Scrollable>
      <details className="mt-2">
        <summary className="min-h-6 cursor-pointer text-soft">The plan as a table</summary>
        <PlanTable nodes={nodes} />
      </details>
    </>
  );
}

function LineOf(props: {
  readonly line: Line;
  readonly count: number;
  readonly rate: number | undefined;
}): ReactNode {
  const { line, count, rate } = props;
  const path = line.points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  const last = line.points.at(-1) ?? { x: 0, y: 0 };
  const isFlowing = rate !== undefined && rate > 0;
  return (
    <g className={isFlowing ? 'text-accent' : 'text-line-strong'}>
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        strokeWidth={1 + Math.min(3, Math.log10(1 + count) / 2)}
        strokeDasharray={count === 0 ? '2 4' : undefined}
      />
      <path
        d={`M${last.x - 4} ${last.y - 6}L${last.x} ${last.y}L${last.x + 4} ${last.y - 6}`}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
      <text x={line.label.x - 40} y={line.label.y + 4} className="fill-soft text-small">
        {formatNumber(count)}
        {isFlowing && <tspan className="fill-faint"> · {formatNumber(rate)}/s</tspan>}
      </text>
    </g>
  );
}

function BoxOf({ box, node }: { readonly box: Box; readonly node: PlanNode }): ReactNode {
  const left = box.x - boxWidth / 2;
  const top = box.y - boxHeight / 2;
  const label = node.op === 'events' && node.label === '' ? 'everything on the log' : node.label;
  return (
    <g>
      <title>{`${node.op} ${node.label}`}</title>
      <rect
        x={left}
        y={top}
        width={boxWidth}
        height={boxHeight}
        rx="5"
        className={box.isEnd ? 'fill-accent-wash stroke-accent' : 'fill-raised stroke-line-strong'}
        strokeWidth={box.isEnd ? 1.5 : 1}
      />
      <text
        x={left + 10}
        y={top + (label === '' ? 28 : 18)}
        className="fill-ink text-body font-semibold"
      >
        {node.op}
      </text>
      {box.isEnd && (
        <text
          x={left + boxWidth - 10}
          y={top + 18}
          textAnchor="end"
          className="fill-soft text-small"
        >
          {formatNumber(node.in)} in
        </text>
      )}
      <text x={left + 10} y={top + 35} className="fill-soft font-mono text-tiny">
        {short(label)}
      </text>
    </g>
  );
}

const charactersFit = 34;
const short = (text: string): string =>
  text.length > charactersFit ? `${text.slice(0, charactersFit - 1)}…` : text;

const columns: readonly Column<PlanNode>[] = [
  { head: 'Number', isNumber: true, cell: (n) => n.id },
  { head: 'Operator', cell: (n) => <strong className="font-semibold">{n.op}</strong> },
  {
    head: 'Given',
    cell: (n) => <code className="font-mono text-small wrap-anywhere">{n.label}</code>,
  },
  { head: 'From', cell: (n) => (n.inputs.length === 0 ? 'all events' : n.inputs.join(', ')) },
  { head: 'In', isNumber: true, cell: (n) => formatCount(n.in) },
  { head: 'Out', isNumber: true, cell: (n) => formatCount(n.out) },
];

function PlanTable({ nodes }: { readonly nodes: readonly PlanNode[] }): ReactNode {
  return (
    <Table
      label="Operators of the plan"
      columns={columns}
      rows={nodes}
      keyOf={(n) => String(n.id)}
      none="The plan is empty."
    />
  );
}
