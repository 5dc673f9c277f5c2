import type { Health, HealthById, HealthState } from '../health.ts';
import type { MapModel } from '../model.ts';
import type { Box } from './drawing.ts';
import { glyphOf, iconOf } from './shapes.ts';
import { cutText, textWidth } from './text-width.ts';
import type { Theme } from './theme.ts';
import { stateWords } from './words.ts';
import { element, escapeXml } from './xml.ts';

/** What boxes and lines are drawn with. */
export interface Ink {
  readonly theme: Theme;
  readonly model: MapModel;
  /** Undefined: the map is drawn without health. */
  readonly health: HealthById | undefined;
}

const left = 34;
const titleSize = 13;
const lineSize = 11.5;
const iconSize = 13;
/** From bad to good; not to know is worse than ok. */
const gravity: readonly HealthState[] = ['down', 'degraded', 'at-risk', 'no-evidence', 'ok'];

/** The sign of a state as SVG, `size` px wide. */
export function glyphSvg(state: HealthState, { x, y, size }: Spot, theme: Theme): string {
  const colour = { tone: theme.tones[state], paper: theme.washes[state] };
  const parts = glyphOf(state).map(({ d, fill, stroke, width, dash }) =>
    element('path', {
      d,
      fill: fill ? colour[fill] : 'none',
      stroke: stroke && colour[stroke],
      'stroke-width': width,
      'stroke-dasharray': dash,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
  );
  return element('g', { transform: `translate(${x} ${y}) scale(${round(size / 12)})` }, ...parts);
}

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** One box of the drawing. */
export function boxSvg(box: Box, ink: Ink): string {
  const { health, model, theme } = ink;
  const said = health && sayingOf(box, health, model);
  const isGroup = box.id.startsWith('group:');
  const about = isGroup ? `group of ${box.nodes.length}` : kindWord(box);
  const tooltip = `${box.title}, ${about}${said ? `: ${said.full}` : ''}`;
  const plain = { x: 10, y: box.height / 2 - 8, size: 16 };
  return element(
    'g',
    { transform: `translate(${box.x} ${box.y})` },
    element('title', {}, escapeXml(tooltip)),
    bodySvg(box, said?.state ?? 'ok', theme),
    said
      ? glyphSvg(said.state, { x: 11, y: box.height / 2 - 7, size: 14 }, theme)
      : iconSvg(box.kind, plain, theme.soft),
    text(
      box.title,
      { x: left, y: box.height / 2 - 4, size: titleSize, bold: true },
      theme.ink,
      box.width - left - 5,
    ),
    wordSvg(box, said, theme),
  );
}

/** The outline; a group has more sheets behind, where no arrows come in. */
function bodySvg({ id, width, height }: Box, state: HealthState, theme: Theme): string {
  const outline = {
    fill: theme.washes[state],
    stroke: state === 'ok' ? theme.lineStrong : theme.tones[state],
    'stroke-width': state === 'down' ? 2 : 1.2,
    'stroke-opacity': state === 'ok' ? 0.6 : undefined,
  };
  const sheet = (shift: number, dash?: string): string =>
    element('rect', {
      x: shift,
      y: shift,
      width,
      height,
      rx: 6,
      ...outline,
      'stroke-dasharray': dash,
    });
  const behind = id.startsWith('group:') ? sheet(5) + sheet(2.5) : '';
  return behind + sheet(0, state === 'no-evidence' ? '4 3' : undefined);
}

/** How it is, in words; and what kind of thing, where there is room for the sign. */
function wordSvg(box: Box, said: Saying | undefined, theme: Theme): string {
  const isGroup = box.id.startsWith('group:');
  const word = said?.word ?? (isGroup ? `${box.nodes.length} nodes` : kindWord(box));
  const isBad = said !== undefined && said.state !== 'ok';
  const font = { size: lineSize, bold: isBad };
  const room = box.width - left - 6;
  const spot = { x: left, y: box.height / 2 + 13, ...font };
  const line = text(word, spot, isBad ? theme.tones[said.state] : theme.faint, room);
  if (!said || textWidth(word, font) > room - iconSize - 6) return line;
  const corner = { x: box.width - iconSize - 7, y: box.height - iconSize - 6, size: iconSize };
  return line + iconSvg(box.kind, corner, theme.faint);
}

const kindWord = ({ kind }: Box): string => kind.replaceAll('-', ' ');

interface TextSpot extends Spot {
  readonly bold?: boolean | undefined;
}

/** A line of text, cut where the room ends. */
export function text(content: string, at: TextSpot, colour: string, room = Infinity): string {
  const { x, y, size, bold } = at;
  const font = { 'font-size': size, 'font-weight': bold ? 600 : undefined, fill: colour };
  return element('text', { x, y, ...font }, escapeXml(cutText(content, { size, bold }, room)));
}

export const iconSvg = (kind: string, { x, y, size }: Spot, colour: string): string =>
  element('path', {
    d: iconOf(kind),
    transform: `translate(${x} ${y}) scale(${round(size / 16)})`,
    fill: 'none',
    stroke: colour,
    'stroke-width': 1.2,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  });

interface Saying {
  readonly state: HealthState;
  /** What stands in the box. */
  readonly word: string;
  /** The whole of it. */
  readonly full: string;
}

function sayingOf(box: Box, health: HealthById, model: MapModel): Saying {
  const states = box.nodes.map((id) => health.get(id)?.shown ?? 'no-evidence');
  const state = gravity.find((one) => states.includes(one)) ?? 'no-evidence';
  if (box.id.startsWith('group:')) {
    const count = states.filter((one) => one === state).length;
    const counts = gravity
      .map((one) => [states.filter((each) => each === one).length, stateWords[one]] as const)
      .filter(([many]) => many > 0);
    const full = counts.map(([many, word]) => `${many} ${word}`).join(', ');
    const whole = count === states.length;
    return {
      state,
      full,
      word: whole
        ? `all ${count} ${stateWords[state]}`
        : `${count} of ${states.length} ${stateWords[state]}`,
    };
  }
  const because = reasonOf(health.get(box.nodes[0] ?? ''), model);
  const full = because === '' ? stateWords[state] : `${stateWords[state]} ${because}`;
  return { state, full, word: state === 'ok' ? kindWord(box) : full };
}

/** `← api ← db`, or what is seen of it by itself. */
export function reasonOf(health: Health | undefined, model: MapModel): string {
  if (!health || health.because.length === 0) return '';
  if (health.because.length > 1)
    return health.because
      .slice(1)
      .map(
        (id) =>
          `← ${model.nodes.get(id)?.title ?? model.processes.get(id.replace(/^process:/, ''))?.title ?? id}`,
      )
      .join(' ');
  const seen = health.evidence.find(({ state, stale }) => !stale && state !== 'ok');
  return seen ? seen.text || seen.name : '';
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;
