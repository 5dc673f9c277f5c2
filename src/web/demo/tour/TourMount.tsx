import { lazy, type ReactNode, Suspense } from 'react';
import { useIsDemo } from '../api.ts';
import { useTourPlace } from './memory.ts';

const TourBar = lazy(async () => ({ default: (await import('./TourBar.tsx')).TourBar }));

/** The tour under every page while a demo lives: by itself the first time, then as it was left. */
export function TourMount(): ReactNode {
  const { state } = useTourPlace();
  const isDemo = useIsDemo();
  if (!isDemo || state === 'closed') return null;
  return (
    <Suspense fallback={null}>
      <TourBar />
    </Suspense>
  );
}
