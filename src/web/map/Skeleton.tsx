import type { ReactNode } from 'react';
import { quadrantWords } from './table/words.ts';

const order = ['development', 'production', 'pipeline', 'support'] as const;

/** The four frames, before anything is known of what stands in them. */
export function Skeleton(): ReactNode {
  return (
    <div className="relative min-h-80 grow">
      <div className="absolute inset-0 grid grid-cols-2 grid-rows-2 gap-3 p-3">
        {order.map((quadrant) => (
          <div key={quadrant} className="rounded-large border border-line bg-panel p-4">
            <p className="text-lead font-semibold text-faint">{quadrantWords[quadrant]}</p>
          </div>
        ))}
      </div>
      <output className="absolute inset-x-0 top-1/2 -translate-y-1/2 text-center text-soft">
        <span className="breathe rounded-normal bg-page px-3 py-1.5">The map is on its way…</span>
      </output>
    </div>
  );
}
