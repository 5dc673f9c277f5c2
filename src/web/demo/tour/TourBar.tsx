import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import type { TourStep } from '../../../server/api/contract-demo.ts';
import { Button } from '../../kit/Button.tsx';
import { liveDemoQuery } from '../api.ts';
import { Progress } from './Progress.tsx';
import { Spotlight } from './Spotlight.tsx';
import { StepText } from './StepText.tsx';
import { useBarFocus, useBarHeight } from './use-bar.ts';
import { useTour } from './use-tour.ts';
import { useTourKeys } from './use-tour-keys.ts';
import { Welcome } from './Welcome.tsx';

/** The guided tour, once its steps are known. */
export function TourBar(): ReactNode {
  const steps = useQuery(liveDemoQuery).data?.tour ?? [];
  return steps.length === 0 ? null : <Bar steps={steps} />;
}

/** A bar below the page, so that it never covers what it points at. */
function Bar({ steps }: { readonly steps: readonly TourStep[] }): ReactNode {
  const { at, step, isLast, isHere, moveTo, back, next, close } = useTour(steps);
  const bar = useRef<HTMLElement>(null);
  useBarHeight(bar);
  useBarFocus(bar);
  useTourKeys({ back, next, close });
  const [leave, move] = wordsAt(at, isLast);
  return (
    <>
      <Spotlight key={step?.id} selector={step && isHere ? step.target : null} />
      <aside
        ref={bar}
        data-tour-bar
        aria-label="Guided tour"
        className="relative z-10 flex max-h-[46dvh] min-w-0 flex-col border-t-2 border-accent bg-raised lg:max-h-[40dvh] print:hidden"
      >
        <div className="flex items-center justify-between gap-x-3 pt-1 pr-1 pl-1.5 sm:pr-3 sm:pl-3.5">
          <Progress steps={steps} at={at} onGo={moveTo} />
          <Button look="quiet" icon="close" className="text-small!" onClick={close}>
            {leave}
          </Button>
        </div>
        <div className="flex min-h-0 flex-col gap-x-8 gap-y-2 overflow-y-auto px-3 pb-3 sm:px-5 md:flex-row md:items-end md:justify-between">
          {step ? (
            <StepText key={step.id} steps={steps} at={at} isHere={isHere} onGo={moveTo} />
          ) : (
            <Welcome count={steps.length} />
          )}
          <div className="flex shrink-0 justify-end gap-2">
            {step && (
              <Button icon="earlier" onClick={back}>
                Back
              </Button>
            )}
            <Button look="primary" onClick={isLast ? close : next}>
              {move}
            </Button>
          </div>
        </div>
      </aside>
    </>
  );
}

/** What the buttons say, to leave and to move. */
function wordsAt(at: number, isLast: boolean): readonly [leave: string, move: string] {
  if (at === 0) return ['Not now', 'Start the tour'];
  return isLast ? ['Close', 'Done'] : ['Skip', 'Next'];
}
