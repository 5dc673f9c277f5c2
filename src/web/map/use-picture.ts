import type { UseQueryResult } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef } from 'react';
import type { DrawingAnswer } from '../../server/api/contract-map-drawing.ts';
import type { CanvasHandle } from './canvas/MapCanvas.tsx';
import { groupName, toggled } from './expand.ts';
import type { MapSearch } from './search.ts';
import { useDrawing } from './use-drawing.ts';

/** Puts into the address what has changed. */
export type Change = (next: { readonly [K in keyof MapSearch]?: string | undefined }) => void;

export interface PictureParts {
  readonly canvas: RefObject<CanvasHandle | null>;
  readonly found: UseQueryResult<DrawingAnswer>;
  /** Opens a group, or closes it. */
  readonly toggle: (group: string) => void;
  /** Shows a node; opens its group first where it is in one that is closed. */
  readonly find: (node: string) => void;
}

/** The drawing that the address asks for, and what is done with it from around the picture. */
export function usePicture(search: MapSearch, change: Change): PictureParts {
  const canvas = useRef<CanvasHandle>(null);
  const sought = useRef<string>(undefined);
  const found = useDrawing(search.expand ?? '');
  const drawing = found.data;
  useEffect(() => {
    const id = sought.current;
    sought.current = undefined;
    if (id !== undefined) canvas.current?.goTo(id);
  }, [drawing]);
  const toggle = (group: string): void =>
    change({ expand: toggled(search.expand, group, drawing?.expanded ?? []) });
  return {
    canvas,
    found,
    toggle,
    find: (id) => {
      const box = drawing?.boxes.find(({ nodes }) => nodes.includes(id));
      if (box?.id === id) canvas.current?.goTo(id);
      else if (box) {
        sought.current = id;
        toggle(groupName(box.id));
      }
    },
  };
}
