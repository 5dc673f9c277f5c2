import { type KeyboardEvent, type RefObject, useCallback } from 'react';
import type { DrawingAnswer } from '../../../server/api/contract-map-drawing.ts';
import type { Camera } from './camera.ts';
import { type Direction, step, walk } from './walk.ts';

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const panPx: Readonly<Record<Direction, readonly [x: number, y: number]>> = {
  left: [90, 0],
  right: [-90, 0],
  up: [0, 90],
  down: [0, -90],
};
export const zoomStep = 1.35;

interface CanvasKeys {
  readonly drawing: DrawingAnswer;
  readonly camera: RefObject<Camera | null>;
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly focusBox: (id: string) => void;
  /** Opens the drawer of a node, or a group. */
  readonly act: (id: string) => void;
  readonly onLeave: () => void;
}

/**
 * The keys of the picture. On a box arrows walk along its lines, and Page Up and Down go through all
 * boxes; on the picture itself arrows pan.
 * `+`, `-` and `0` zoom, Enter opens, Escape leaves the box, then the focus on a process.
 */
export function useCanvasKeys(keys: CanvasKeys): (e: KeyboardEvent) => void {
  const { drawing, camera, svg, focusBox, act, onLeave } = keys;
  return useCallback(
    (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey || !(e.target instanceof Element)) return;
      const id = e.target.getAttribute('data-box') ?? undefined;
      const did =
        zoomed(e.key, camera.current) ||
        (id === undefined
          ? onPicture(e.key, { drawing, camera, focusBox, onLeave })
          : onBox(e.key, id, { drawing, svg, focusBox, act }));
      if (!did) return;
      e.preventDefault();
      e.stopPropagation();
    },
    [drawing, camera, svg, focusBox, act, onLeave],
  );
}

function zoomed(key: string, camera: Camera | null): boolean {
  if (key === '+' || key === '=') camera?.zoomBy(zoomStep);
  else if (key === '-' || key === '_') camera?.zoomBy(1 / zoomStep);
  else if (key === '0') camera?.fit();
  else return false;
  return true;
}

function onPicture(
  key: string,
  {
    drawing,
    camera,
    focusBox,
    onLeave,
  }: Pick<CanvasKeys, 'drawing' | 'camera' | 'focusBox' | 'onLeave'>,
): boolean {
  const direction = arrows[key];
  const first = drawing.boxes[0];
  if (direction) camera.current?.panBy(...panPx[direction]);
  else if (key === 'Enter' && first) focusBox(first.id);
  else if (key === 'Escape') onLeave();
  else return false;
  return true;
}

function onBox(
  key: string,
  id: string,
  { drawing, svg, focusBox, act }: Pick<CanvasKeys, 'drawing' | 'svg' | 'focusBox' | 'act'>,
): boolean {
  const next = nextBox(key, id, drawing);
  if (next) focusBox(next.id);
  else if (key in arrows) return true;
  else if (key === 'Enter' || key === ' ') act(id);
  else if (key === 'Escape') svg.current?.focus({ preventScroll: true });
  else return false;
  return true;
}

function nextBox(key: string, id: string, drawing: DrawingAnswer): { id: string } | undefined {
  const direction = arrows[key];
  if (direction) return walk(drawing, id, direction);
  if (key === 'PageDown') return step(drawing, id, 1);
  if (key === 'PageUp') return step(drawing, id, -1);
  if (key === 'Home') return drawing.boxes[0];
  return key === 'End' ? drawing.boxes.at(-1) : undefined;
}
