/* oxlint-disable jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex -- a picture that is walked through by keys is an application of its own (WAI-ARIA 1.2), and each box in it is a button */
import { type ReactNode, type Ref, useImperativeHandle, useMemo, useState } from 'react';
import type { DrawingAnswer } from '../../../server/api/contract-map-drawing.ts';
import { usePrintFit } from '../print/use-print-fit.ts';
import { type MapModel, useHealth } from '../store.ts';
import { boxesByNode, chainOf, neededBoxes } from './emphasis.ts';
import { Frames } from './Frames.tsx';
import { Lines } from './Lines.tsx';
import { GroupBox, NodeBox } from './NodeBox.tsx';
import { useCamera } from './use-camera.ts';
import { useCanvasKeys } from './use-canvas-keys.ts';
import './canvas.css';

/** What the page may ask of the picture. */
export interface CanvasHandle {
  /** Shows a node, and puts the focus on it; false: it is in no box. */
  readonly goTo: (node: string) => boolean;
  readonly zoomBy: (factor: number) => void;
  readonly fit: () => void;
}

interface MapCanvasProps {
  readonly drawing: DrawingAnswer;
  readonly model: MapModel;
  /** Id of the process that all else fades for. */
  readonly process: string | undefined;
  /** Id of the node that the drawer shows. */
  readonly selected: string | undefined;
  readonly onOpen: (node: string) => void;
  /** Opens a group, or closes it; the node stays where it is in the window. */
  readonly onToggle: (group: string) => void;
  /** Escape was pressed where there was nothing nearer to leave. */
  readonly onLeave: () => void;
  readonly ref: Ref<CanvasHandle>;
}

/** The picture of the map: panned, zoomed and walked through by pointer, fingers and keys. */
export function MapCanvas(props: MapCanvasProps): ReactNode {
  const { drawing, model, process, selected, onOpen, onToggle, onLeave, ref } = props;
  const [at, setAt] = useState<string>();
  const [near, setNear] = useState<string>();
  const boxes = useMemo(() => boxesByNode(drawing), [drawing]);
  const shown = selected === undefined ? undefined : boxes.get(selected);
  const about = process === undefined ? (selected ?? '') : `process:${process}`;
  const { because } = useHealth(about);
  const { svg, content, camera } = useCamera(drawing, selected, because.at(-1));
  usePrintFit(svg, content, drawing);
  const { chain, chainLines } = useMemo(
    () => chainOf(because, drawing, boxes),
    [because, drawing, boxes],
  );
  const needed = useMemo(
    () => (process === undefined ? undefined : neededBoxes(model, process, boxes)),
    [model, process, boxes],
  );
  // What is to blame is never faded.
  const focus = useMemo(() => needed && new Set([...needed, ...chain]), [needed, chain]);
  const tabStop = drawing.boxes.some(({ id }) => id === at) ? at : drawing.boxes[0]?.id;
  const focusBox = (id: string): void =>
    svg.current?.querySelector<SVGGElement>(`[data-box="${CSS.escape(id)}"]`)?.focus({
      preventScroll: true,
    });
  const act = (id: string): void => {
    const box = drawing.boxes.find((one) => one.id === id);
    if (box?.id.startsWith('group:')) onToggle(box.id.slice('group:'.length));
    else onOpen(id);
  };
  useImperativeHandle(ref, () => ({
    goTo: (node) => {
      const box = drawing.boxes.find(({ id }) => id === boxes.get(node));
      if (!box) return false;
      camera.current?.flyTo(box);
      focusBox(box.id);
      return true;
    },
    zoomBy: (factor) => camera.current?.zoomBy(factor),
    fit: () => camera.current?.fit(),
  }));
  const onKeyDown = useCanvasKeys({ drawing, camera, svg, focusBox, act, onLeave });
  return (
    <svg
      ref={svg}
      className="map-picture block"
      role="application"
      aria-label="Picture of the map"
      aria-roledescription="map"
      aria-describedby="map-keys"
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={(e) => {
        const closing = within(e.target, 'close');
        if (closing !== undefined) return onToggle(closing);
        const id = within(e.target, 'box');
        if (id !== undefined) act(id);
      }}
      onFocus={(e) => {
        const box = drawing.boxes.find(({ id }) => id === within(e.target, 'box'));
        setNear(box?.id);
        if (!box) return;
        setAt(box.id);
        if (e.target.matches(':focus-visible')) camera.current?.reveal(box);
      }}
      onBlur={() => setNear(undefined)}
      onPointerOver={(e) => setNear(within(e.target, 'box'))}
    >
      <g ref={content}>
        <Frames drawing={drawing} />
        <Lines lines={drawing.lines} focus={focus} chain={chainLines} near={near} />
        {drawing.boxes.map((box) => {
          const Box = box.id.startsWith('group:') ? GroupBox : NodeBox;
          const group = model.node(box.id)?.group;
          return (
            <Box
              key={box.id}
              box={box}
              titleOf={model.titleOf}
              isTabStop={box.id === tabStop}
              isFaded={focus !== undefined && !focus.has(box.id)}
              isOnChain={chain.has(box.id)}
              isSelected={shown === box.id}
              closes={group !== undefined && isOpen(drawing, group) ? group : undefined}
            />
          );
        })}
      </g>
    </svg>
  );
}

const isOpen = ({ expanded }: DrawingAnswer, group: string): boolean =>
  expanded.includes(group) || expanded.includes(`group:${group}`);

/** What the nearest element around says under that name. */
function within(target: EventTarget, name: 'box' | 'close'): string | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest(`[data-${name}]`)?.getAttribute(`data-${name}`) ?? undefined;
}
