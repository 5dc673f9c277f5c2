import { type HealthById, healthStates, processKey } from '../health.ts';
import { type MapModel, edgeKinds } from '../model.ts';
import type { Drawing, Frame, Line } from './drawing.ts';
import { arrowOf, labelSpot, lineStyleOf, pathOf, shaftOf } from './shapes.ts';
import { type Ink, boxSvg, glyphSvg, reasonOf, text } from './svg-box.ts';
import { textWidth } from './text-width.ts';
import { type Theme, type ThemeName, fontFamily, themes } from './theme.ts';
import { edgeWords, quadrantTitles, stateWords } from './words.ts';
import { element, escapeXml } from './xml.ts';

export interface Picture {
  readonly drawing: Drawing;
  readonly model: MapModel;
  /** Undefined: nothing is said of health, and the picture says so. */
  readonly health?: HealthById | undefined;
  readonly theme: ThemeName;
  readonly title: string;
  /** The moment that it shows, ms since the epoch, UTC; undefined: none. */
  readonly time?: number | undefined;
}

const margin = 16;
const headHeight = 42;
const chipHeight = 30;
const footHeight = 40;
const chipTitle = { size: 13, bold: true };

/**
 * The map as one SVG that needs nothing else: no script, no style sheet, no font of its own. What
 * stands on the map is escaped. It says in words what it shows, for those who do not see it.
 */
export function svgOf(picture: Picture): string {
  const { drawing, model, health } = picture;
  const theme = themes[picture.theme];
  const ink: Ink = { theme, model, health };
  const width = Math.max(drawing.width, 640) + 2 * margin;
  const chips = chipsOf(picture, ink, width);
  const top = headHeight + chips.height;
  const height = top + drawing.height + margin + footHeight;
  const body = [
    element('title', { id: 'map-title' }, escapeXml(picture.title || 'Map')),
    element('desc', { id: 'map-desc' }, escapeXml(describe(picture))),
    element('rect', { width, height, fill: theme.page }),
    headOf(picture, theme, width),
    chips.svg,
    element(
      'g',
      { transform: `translate(${margin} ${top})` },
      ...drawing.frames.map((frame) => frameSvg(frame, theme)),
      ...drawing.lines.map((line) => lineSvg(line, theme)),
      ...drawing.boxes.map((box) => boxSvg(box, ink)),
      ...drawing.lines.map((line) => labelSvg(line, theme)),
    ),
    legendOf(ink, height - footHeight + 24),
  ];
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'aria-labelledby': 'map-title map-desc',
    'font-family': fontFamily,
  };
  return element('svg', root, ...body);
}

function headOf({ title, time, health }: Picture, theme: Theme, width: number): string {
  const moment =
    time === undefined ? '' : `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const said = health ? moment : `as declared, without health${moment && ` · ${moment}`}`;
  const shown = text(
    title || 'Map',
    { x: margin, y: 27, size: 19, bold: true },
    theme.ink,
    width / 2,
  );
  const end = element(
    'text',
    { x: width - margin, y: 27, 'font-size': 13, 'text-anchor': 'end', fill: theme.soft },
    escapeXml(said),
  );
  return shown + end;
}

/** The processes with their states, beside each other. */
function chipsOf(
  { model, health }: Picture,
  ink: Ink,
  width: number,
): { svg: string; height: number } {
  const processes = [...model.processes.values()].toSorted((a, b) => a.criticality - b.criticality);
  if (!health || processes.length === 0) return { svg: '', height: 0 };
  let [x, y] = [margin, headHeight - 4];
  const chips = processes.map(({ id, title }) => {
    const known = health.get(processKey(id));
    const state = known?.shown ?? 'no-evidence';
    const reason = reasonOf(known, model);
    const word = `${stateWords[state]}${reason && ` ${reason}`}`.slice(0, 90);
    const wide = 44 + textWidth(title, chipTitle) + 8 + textWidth(word, { size: 12.5 }) + 12;
    if (x + wide > width - margin && x > margin) [x, y] = [margin, y + chipHeight];
    const chip = chipSvg({ x, y, wide, title, word }, state, ink);
    x += wide + 8;
    return chip;
  });
  return { svg: chips.join(''), height: y - headHeight + 4 + chipHeight + 4 };
}

interface Chip {
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly title: string;
  readonly word: string;
}

function chipSvg(
  { x, y, wide, title, word }: Chip,
  state: (typeof healthStates)[number],
  { theme }: Ink,
): string {
  const tone = theme.tones[state];
  return element(
    'g',
    { transform: `translate(${x} ${y})` },
    element('rect', {
      width: Math.round(wide),
      height: chipHeight - 4,
      rx: 13,
      fill: theme.washes[state],
      stroke: state === 'ok' ? theme.line : tone,
    }),
    glyphSvg(state, { x: 10, y: 6, size: 14 }, theme),
    text(title, { x: 30, y: 17.5, size: 13, bold: true }, theme.ink),
    text(word, { x: 40 + textWidth(title, chipTitle), y: 17.5, size: 12.5 }, tone),
  );
}

function frameSvg({ quadrant, x, y, width, height }: Frame, theme: Theme): string {
  return element(
    'g',
    { transform: `translate(${x} ${y})` },
    element('rect', { width, height, rx: 10, fill: theme.panel, stroke: theme.line }),
    text(quadrantTitles[quadrant], { x: 16, y: 24, size: 15, bold: true }, theme.soft),
  );
}

function lineSvg({ kind, points }: Line, theme: Theme): string {
  const { width, dash, double, round } = lineStyleOf(kind);
  const colour = theme.lineStrong;
  const way = { d: pathOf(shaftOf(points)), fill: 'none', 'stroke-linejoin': 'round' };
  const opacity = kind === 'flow' ? 0.75 : undefined;
  return (
    element('path', {
      ...way,
      stroke: colour,
      opacity,
      'stroke-width': width,
      'stroke-dasharray': dash,
      'stroke-linecap': round ? 'round' : undefined,
    }) +
    (double ? element('path', { ...way, stroke: theme.panel, 'stroke-width': width - 2.4 }) : '') +
    element('path', { d: arrowOf(points), fill: colour, opacity })
  );
}

function labelSvg({ label, points }: Line, theme: Theme): string {
  if (label === undefined) return '';
  const { x, y, anchor } = labelSpot(points);
  const halo = { stroke: theme.panel, 'stroke-width': 4, 'stroke-linejoin': 'round' };
  const at = { x, y: y + 3.5, 'font-size': 10.5, 'text-anchor': anchor };
  const front = { fill: theme.soft, 'paint-order': 'stroke', ...halo };
  return element('text', { ...at, ...front }, escapeXml(label));
}

function legendOf({ theme, health }: Ink, y: number): string {
  let x = margin;
  const parts: string[] = [];
  for (const state of health ? healthStates : []) {
    parts.push(
      glyphSvg(state, { x, y: y - 11, size: 14 }, theme),
      text(stateWords[state], { x: x + 20, y, size: 12 }, theme.soft),
    );
    x += 20 + textWidth(stateWords[state], { size: 12 }) + 20;
  }
  for (const kind of edgeKinds) {
    const points = [
      [x, y - 4],
      [x + 38, y - 4],
    ] as const;
    parts.push(
      lineSvg({ id: '', from: '', to: '', kind, edges: [], points }, theme),
      text(edgeWords[kind], { x: x + 45, y, size: 12 }, theme.soft),
    );
    x += 45 + textWidth(edgeWords[kind], { size: 12 }) + 20;
  }
  return element('g', {}, ...parts);
}

/** In words, for screen readers: how much there is, and what is not well. */
function describe({ drawing, model, health }: Picture): string {
  const frames = drawing.frames.map(({ quadrant }) => {
    const nodes = drawing.boxes
      .filter((box) => box.quadrant === quadrant)
      .flatMap((box) => box.nodes);
    return `${quadrantTitles[quadrant]}: ${nodes.length}`;
  });
  const counts = `Nodes by quadrant: ${frames.join(', ')}.`;
  if (!health) return `${counts} Drawn without health.`;
  const named = [
    ...[...model.processes.values()].map(
      ({ id, title }) => [processKey(id), `process ${title}`] as const,
    ),
    ...[...model.nodes.values()].map(({ id, title }) => [id, title] as const),
  ];
  const bad = named.flatMap(([id, title]) => {
    const state = health.get(id)?.shown;
    return state === undefined || state === 'ok' || state === 'no-evidence'
      ? []
      : `${title} ${stateWords[state]}`;
  });
  const shown = bad.slice(0, 40).join(', ');
  return `${counts} ${bad.length === 0 ? 'Nothing is known to be wrong.' : `Not well: ${shown}${bad.length > 40 ? ` and ${bad.length - 40} more` : ''}.`}`;
}
