import { useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import type { TourStep } from '../../../server/api/contract-demo.ts';
import { useGo } from '../ConsoleLink.tsx';
import { tourMemory, useTourPlace } from './memory.ts';
import { isPageOf, pathname, placeOf } from './steps.ts';

/**
 * Where one is in the tour, and how one moves. Moving to a step goes to its page; after that the page
 * is the reader's, and a link leads back.
 */
export function useTour(steps: readonly TourStep[]) {
  const { at } = useTourPlace();
  const here = useRouterState({ select: ({ location }) => location.pathname });
  // The page that this step led to: it stays the step's when the next such thing happens elsewhere.
  const [led, setLed] = useState<string>();
  const go = useGo();
  const step = steps[at - 1];
  const isLast = at >= steps.length;
  const moveTo = (next: number): void => {
    const to = steps[next - 1];
    if (!to && next !== 0) return;
    tourMemory.goTo(next);
    setLed(to && pathname(placeOf(to)));
    if (to) go(placeOf(to));
  };
  return {
    /** From 1; 0: the welcome. */
    at,
    step,
    isLast,
    /** The page is one that the step points at something on. */
    isHere: step !== undefined && (here === led || isPageOf(step, here)),
    moveTo,
    back: (): void => moveTo(at - 1),
    next: (): void => moveTo(at + 1),
    close: isLast ? tourMemory.finish : tourMemory.close,
  };
}
