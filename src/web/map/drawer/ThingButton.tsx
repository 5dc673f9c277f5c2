import type { ReactNode } from 'react';
import { HealthMark } from '../table/HealthMark.tsx';
import type { MapIndex } from '../table/map-index.ts';

interface ThingButtonProps {
  readonly id: string;
  readonly index: MapIndex;
  readonly onOpen: (id: string) => void;
  /** Without the state that it has now. */
  readonly isBare?: boolean;
}

/** Another node or process with its state; opens its drawer. What is not on the map is plain text. */
export function ThingButton({ id, index, onOpen, isBare = false }: ThingButtonProps): ReactNode {
  const thing = index.thing(id);
  if (!thing) return <span className="font-mono text-small">{id}</span>;
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2">
      <button
        type="button"
        onClick={() => onOpen(id)}
        className="min-h-6 text-left font-semibold wrap-anywhere text-accent underline"
      >
        {thing.title}
      </button>
      {!isBare && (
        <span className="text-small">
          <HealthMark state={thing.health.shown} />
        </span>
      )}
    </span>
  );
}
