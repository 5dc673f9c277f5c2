import {
  type RefObject,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { DrawingAnswer } from '../../../server/api/contract-map-drawing.ts';
import { Camera } from './camera.ts';

type Box = DrawingAnswer['boxes'][number];

interface CameraRefs {
  readonly svg: RefObject<SVGSVGElement | null>;
  /** What is moved. */
  readonly content: RefObject<SVGGElement | null>;
  readonly camera: RefObject<Camera | null>;
}

/**
 * A camera before a drawing: it shows all of it until somebody moves it. What is selected stays in
 * sight, or its `cause` where it stands in no box itself.
 */
export function useCamera(
  drawing: DrawingAnswer,
  selected: string | undefined,
  cause: string | undefined,
): CameraRefs {
  const svg = useRef<SVGSVGElement>(null);
  const content = useRef<SVGGElement>(null);
  const camera = useRef<Camera>(null);
  const drawn = useRef<DrawingAnswer>(undefined);
  useLayoutEffect(() => {
    if (!svg.current || !content.current) return undefined;
    const made = new Camera(svg.current, content.current);
    camera.current = made;
    const around = svg.current.parentElement;
    const watch = new ResizeObserver(() => {
      if (around) keepSize(around);
      made.resize();
    });
    if (around) {
      keepSize(around);
      watch.observe(around);
    }
    return () => {
      watch.disconnect();
      made.close();
      camera.current = null;
      drawn.current = undefined;
    };
  }, []);
  useLayoutEffect(() => {
    const before = drawn.current;
    drawn.current = drawing;
    if (before === drawing) return;
    camera.current?.draw(drawing);
    const [stays, was] = (before && staying(before, drawing, svg.current)) ?? [];
    if (stays && was) camera.current?.hold(was, stays);
  }, [drawing]);
  // A page that opens with its drawer has all of it beside the drawer.
  const [first, setFirst] = useState(selected);
  if (first !== undefined && first !== selected) setFirst(undefined);
  const isKept = selected !== undefined && first === undefined;
  // Once, when it is chosen: what changes later moves nothing.
  const keep = useEffectEvent((id: string | undefined) => {
    const boxOf = (node: string | undefined): Box | undefined =>
      node === undefined ? undefined : drawing.boxes.find(({ nodes }) => nodes.includes(node));
    camera.current?.keep(id === undefined ? undefined : { part: boxOf(id) ?? boxOf(cause) });
  });
  useEffect(() => keep(isKept ? selected : undefined), [isKept, selected]);
  return { svg, content, camera };
}

/**
 * The picture is told how large its place is. A browser that lays out the page around it tries other
 * sizes on the way, and a picture of the size of its place would be laid out anew each time.
 */
function keepSize(around: HTMLElement): void {
  around.style.setProperty('--map-width', `${around.clientWidth}px`);
  around.style.setProperty('--map-height', `${around.clientHeight}px`);
}

/** The box that should not move in the window when another drawing comes: the one in focus, or the first. */
function staying(
  before: DrawingAnswer,
  after: DrawingAnswer,
  svg: SVGSVGElement | null,
): readonly [after: Box, before: Box] | undefined {
  const id = svg?.ownerDocument.activeElement?.getAttribute('data-box');
  const was = before.boxes.find((box) => box.id === id) ?? before.boxes[0];
  const stays = after.boxes.find((box) => box.nodes.some((node) => was?.nodes.includes(node)));
  return was && stays && [stays, was];
}
