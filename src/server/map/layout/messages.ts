import type { Drawing } from '../../../rooms/map/picture/drawing.ts';
import type { Sheet } from '../../../rooms/map/picture/sheet.ts';

/** What is to be drawn. */
export interface LayoutOrder {
  readonly id: number;
  readonly sheet: Sheet;
  readonly hash: string;
}

export type LayoutAnswer =
  | { readonly id: number; readonly drawing: Drawing }
  | { readonly id: number; readonly failed: string };
