import type { ReactNode } from 'react';
import { MapFrame } from './MapFrame.tsx';

/** The map, drawn: what everybody looks at first. */
export function MapPage(): ReactNode {
  return (
    <MapFrame title="Map" isFixed>
      {null}
    </MapFrame>
  );
}
