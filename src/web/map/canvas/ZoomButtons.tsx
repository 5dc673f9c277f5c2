import type { ReactNode } from 'react';
import { zoomStep } from './use-canvas-keys.ts';

interface ZoomButtonsProps {
  readonly onZoom: (factor: number) => void;
  readonly onFit: () => void;
}

/** Zoom for those who have neither wheel nor keys at hand. */
export function ZoomButtons({ onZoom, onFit }: ZoomButtonsProps): ReactNode {
  const buttons = [
    ['Zoom in (+)', 'M8 3.5v9M3.5 8h9', () => onZoom(zoomStep)],
    ['Zoom out (-)', 'M3.5 8h9', () => onZoom(1 / zoomStep)],
    ['All of it (0)', 'M2.5 6v-3.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10', onFit],
  ] as const;
  return (
    <div className="map-zoom absolute right-3 bottom-3 flex flex-col overflow-clip rounded-normal border border-line-strong/60 bg-raised shadow-float print:hidden">
      {buttons.map(([name, path, act]) => (
        <button
          key={name}
          type="button"
          aria-label={name}
          title={name}
          onClick={act}
          className="grid size-8 place-items-center text-soft hover:bg-sunken hover:text-ink focus-visible:-outline-offset-2"
        >
          <svg
            aria-hidden="true"
            viewBox="0 0 16 16"
            className="size-4"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeLinecap="round"
          >
            <path d={path} />
          </svg>
        </button>
      ))}
    </div>
  );
}
