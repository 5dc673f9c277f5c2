import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import type { TourStep } from '../../../server/api/contract-demo.ts';
import { Button } from '../../kit/Button.tsx';
import { liveDemoQuery } from '../api.ts';
import { useGo } from '../ConsoleLink.tsx';
import { tourMemory, useTourPlace } from './memory.ts';
import { Progress } from './Progress.tsx';
import { Spotlight } from './Spotlight.tsx';
import { StepText } from './StepText.tsx';
import { isPageOf, placeOf } from './steps.ts';
import { useBarFocus, useBarHeight } from './use-bar.ts';
import { useTourKeys } from './use-tour-keys.ts';
import { Welcome } from './Welcome.tsx';

/** The guided tour, once its steps are known. */
export function TourBar(): ReactNode {
  const steps = useQuery(liveDemoQuery).data?.tour ?? [];
  return steps.length === 0 ? null : <Bar steps={steps} />;
}

/**
 * A bar below the page, so that it never covers what it points at. Moving to a step goes to its page;
 * after that the page is the reader's, and a link leads back.
 */
function Bar({ steps }: { readonly steps: readonly TourStep[] }): ReactNode {
  const { at } = useTourPlace();
  const here = useRouterState({ select: ({ location }) => location.pathname });
  const bar = useRef<HTMLElement>(null);
  const go = useGo();
  useBarHeight(bar);
  useBarFocus(bar);
  const isLast = at >= steps.length;
  const moveTo = (next: number): void => {
    const step = steps[next - 1];
    if (!step && next !== 0) return;
    tourMemory.goTo(next);
    if (step) go(placeOf(step));
  };
  const moves = {
    back: () => moveTo(at - 1),
    next: () => (isLast ? undefined : moveTo(at + 1)),
    close: isLast ? tourMemory.finish : tourMemory.close,
  };
  useTourKeys(moves);
  const step = steps[at - 1];
  const isHere = step !== undefined && isPageOf(step, here);
  return (
    <>
      <Spotlight key={step?.id} selector={isHere ? step.target : null} />
      <aside
        ref={bar}
        data-tour-bar
        aria-label="Guided tour"
        className="relative z-10 flex max-h-[46dvh] min-w-0 flex-col border-t-2 border-accent bg-raised lg:max-h-[40dvh] print:hidden"
      >
        <div className="flex items-center justify-between gap-x-3 pt-1 pr-1 pl-1.5 sm:pr-3 sm:pl-3.5">
          <Progress steps={steps} at={at} onGo={moveTo} />
          <Button look="quiet" icon="close" className="text-small!" onClick={moves.close}>
            {at === 0 ? 'Not now' : isLast ? 'Close' : 'Skip'}
          </Button>
        </div>
        <div className="flex min-h-0 flex-col gap-x-8 gap-y-2 overflow-y-auto px-3 pb-3 sm:px-5 md:flex-row md:items-end md:justify-between">
          {step ? (
            <StepText key={step.id} steps={steps} at={at} isHere={isHere} onGo={moveTo} />
          ) : (
            <Welcome count={steps.length} />
          )}
          <div className="flex shrink-0 justify-end gap-2">
            {at > 0 && (
              <Button icon="earlier" onClick={moves.back}>
                Back
              </Button>
            )}
            <Button look="primary" onClick={isLast ? tourMemory.finish : moves.next}>
              {at === 0 ? 'Start the tour' : isLast ? 'Done' : 'Next'}
            </Button>
          </div>
        </div>
      </aside>
    </>
  );
}
