import type { ReactNode } from 'react';
import type { TourStep } from '../../../server/api/contract-demo.ts';

interface ProgressProps {
  readonly steps: readonly TourStep[];
  /** From 1; 0: before the first. */
  readonly at: number;
  readonly onGo: (at: number) => void;
}

/** The steps in a row: a full disc has happened, a ring has not yet, a bar is where one is. */
export function Progress({ steps, at, onGo }: ProgressProps): ReactNode {
  return (
    <nav aria-label="Steps of the tour" className="flex min-w-0 items-center gap-x-2">
      <ol className="flex">
        {steps.map(({ id, title, happened }, index) => {
          const number = index + 1;
          const isNow = number === at;
          const name = `${number}. ${title}${happened ? '' : ', has not happened yet'}`;
          return (
            <li key={id}>
              <button
                type="button"
                aria-label={name}
                aria-current={isNow ? 'step' : undefined}
                title={name}
                onClick={() => onGo(number)}
                className="grid h-7 w-6 place-items-center rounded-small text-accent hover:bg-sunken"
              >
                <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3" fill="currentColor">
                  {isNow && <path d="M3 0h6v12H3z" />}
                  {!isNow && happened && <circle cx="6" cy="6" r="3.2" />}
                  {!isNow && !happened && (
                    <circle
                      cx="6"
                      cy="6"
                      r="2.8"
                      fill="none"
                      stroke="currentColor"
                      strokeWidth="1.2"
                    />
                  )}
                </svg>
              </button>
            </li>
          );
        })}
      </ol>
      {at > 0 && (
        <span className="hidden text-small whitespace-nowrap text-faint sm:inline">
          {at} of {steps.length}
        </span>
      )}
    </nav>
  );
}
