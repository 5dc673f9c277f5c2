import { memo, type ReactNode } from 'react';
import type { HealthWord } from '../../../server/api/contract-map.ts';
import type { DrawingAnswer } from '../../../server/api/contract-map-drawing.ts';
import { iconOf } from '../../../rooms/map/picture/shapes.ts';
import { useCounts, useHealth } from '../store.ts';
import { stateWords } from '../table/words.ts';
import { fitText, type Fitted, inTwoLines, squeezed, textWidth } from './fit-text.ts';
import { Glyph } from './Glyph.tsx';
import { useFlashes } from './use-flashes.ts';
import { countsText, reasonText, spokenText, worstCounted } from './words.ts';

type Box = DrawingAnswer['boxes'][number];

export interface BoxProps {
  readonly box: Box;
  readonly titleOf: (id: string) => string;
  /** The one that the Tab key leads to. */
  readonly isTabStop: boolean;
  readonly isFaded: boolean;
  readonly isOnChain: boolean;
  readonly isSelected: boolean;
  /** The open group that it belongs to. */
  readonly closes?: string | undefined;
}

/** A node of the map: its state by shape, word and colour, its title, and why it is so. */
export const NodeBox = memo(function NodeBox(props: BoxProps): ReactNode {
  const { box, titleOf } = props;
  const health = useHealth(box.id);
  const reason = reasonText(health, titleOf);
  const word = health.shown === 'ok' ? box.kind : stateWords[health.shown];
  return (
    <BoxShape
      {...props}
      state={health.shown}
      word={word}
      note={reason}
      label={`${box.title}, ${box.kind}, ${spokenText(health, titleOf)}`}
      mark={health.contradiction ? '?' : undefined}
    />
  );
});

/** Several nodes that are drawn as one until they are opened: the worst state, and how many have it. */
export const GroupBox = memo(function GroupBox(props: BoxProps): ReactNode {
  const { box } = props;
  const counts = useCounts(box.nodes);
  const state = worstCounted(counts);
  const text = countsText(counts);
  const isShort = textWidth(text, bold) > box.width - left - 8;
  return (
    <BoxShape
      {...props}
      state={state}
      word={isShort ? countsText(counts, true) : text}
      note=""
      label={`${box.title}, group of ${box.nodes.length}, ${text}. Opens`}
      mark="+"
      isGroup
    />
  );
});

interface ShapeProps extends BoxProps {
  readonly state: HealthWord;
  readonly word: string;
  /** After the word, where there is room: why. */
  readonly note: string;
  readonly label: string;
  readonly mark?: string | undefined;
  readonly isGroup?: boolean;
}

const left = 34;
const title = { size: 13, weight: 600 };
/** Right of the second line: the picture of the kind. */
const iconRoom = 18;
const line = { size: 11.5 };
const bold = { size: 11.5, weight: 600 };
const big = { size: 19, weight: 600 };
const bigLine = 20;
const farLeft = 37;

function BoxShape(props: ShapeProps): ReactNode {
  const { box, state, label, isGroup = false } = props;
  const { width, height } = box;
  const flashes = useFlashes(state);
  return (
    <g
      className="map-box"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- SVG has no button
      role="button"
      tabIndex={props.isTabStop ? 0 : -1}
      aria-expanded={isGroup ? false : undefined}
      data-box={box.id}
      data-state={state}
      data-faded={props.isFaded || undefined}
      data-chain={props.isOnChain || undefined}
      data-selected={props.isSelected || undefined}
      transform={`translate(${box.x} ${box.y})`}
    >
      {/* Its name: what is drawn of it depends on how near it is. */}
      <title>{label}</title>
      {isGroup && <Stack width={width} height={height} />}
      <rect className="map-box-body" width={width} height={height} rx={6} />
      {flashes > 0 && (
        <rect key={flashes} className="map-flash" width={width} height={height} rx={6} />
      )}
      <Readable {...props} />
      <Far box={box} state={state} />
      {props.closes !== undefined && <Close group={props.closes} width={width} />}
    </g>
  );
}

/** What can be read when it is near enough. */
function Readable({ box, state, word, note, mark, isGroup = false }: ShapeProps): ReactNode {
  const { width } = box;
  const middle = box.height / 2;
  const name = squeezed(box.title, width - left - (mark === undefined ? 6 : 24), title);
  const room = width - left - 8;
  // The word is told before the kind.
  const hasIcon = !isGroup && textWidth(word, bold) <= room - iconRoom;
  const told = squeezed(word, room, bold);
  return (
    <g className="map-box-read" aria-hidden="true">
      <Glyph state={state} x={11} y={middle - 7} size={14} />
      <Line className="map-box-title" x={left} y={middle - 4} fitted={name} />
      <text className="map-box-line" x={left} y={middle + 13}>
        <tspan className="map-box-word" textLength={told.length} lengthAdjust="spacingAndGlyphs">
          {told.text}
        </tspan>
        {note !== '' && <Note word={word} note={note} room={hasIcon ? room - iconRoom : room} />}
      </text>
      {hasIcon && (
        <path
          className="map-box-icon"
          d={iconOf(box.kind)}
          transform={`translate(${width - 21} ${middle + 3}) scale(0.8125)`}
        />
      )}
      {mark !== undefined && (
        <text className="map-box-mark" x={width - 9} y={middle - 3} textAnchor="end">
          {mark}
        </text>
      )}
    </g>
  );
}

/** What can be told from far away. */
function Far({ box, state }: Pick<ShapeProps, 'box' | 'state'>): ReactNode {
  const middle = box.height / 2;
  const lines = inTwoLines(box.title, box.width - farLeft - 6, big);
  const first = middle + 7 - ((lines.length - 1) * bigLine) / 2;
  return (
    <g className="map-box-far" aria-hidden="true">
      <Glyph state={state} x={7} y={middle - 12} size={24} />
      {lines.map((fitted, at) => (
        <Line
          key={at === 0 ? 'first' : 'second'}
          className="map-box-big"
          x={farLeft}
          y={first + at * bigLine}
          fitted={fitted}
        />
      ))}
    </g>
  );
}

/** One line of text, drawn closer where it must be. */
function Line(props: {
  readonly className: string;
  readonly x: number;
  readonly y: number;
  readonly fitted: Fitted;
}): ReactNode {
  const { className, x, y, fitted } = props;
  return (
    <text
      className={className}
      x={x}
      y={y}
      textLength={fitted.length}
      lengthAdjust="spacingAndGlyphs"
    >
      {fitted.text}
    </text>
  );
}

const Close = ({ group, width }: { group: string; width: number }): ReactNode => (
  <g className="map-box-close" data-close={group} aria-hidden="true">
    <title>Close this group</title>
    <circle cx={width - 2} cy={2} r={8} />
    <path d={`M${width - 6} 2h8`} />
  </g>
);

/** Why, after the word; a place of its own, so that the level of detail can hide it. */
function Note({ word, note, room }: { word: string; note: string; room: number }): ReactNode {
  const text = fitText(note, room - textWidth(word, bold) - 6, line);
  return text === '' ? null : (
    <tspan className="map-box-note" dx="5">
      {text}
    </tspan>
  );
}

const Stack = ({ width, height }: { width: number; height: number }): ReactNode => (
  <g className="map-box-stack">
    <path d={`M6 ${height}v3.5H${width + 3.5}V6H${width}`} />
  </g>
);
