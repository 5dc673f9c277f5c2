import { type ReactNode, useState } from 'react';
import type { TourStep } from '../../../server/api/contract-demo.ts';
import { AgeText } from '../../kit/TimeText.tsx';
import { ConsoleLink } from '../ConsoleLink.tsx';
import { aheadOf, placeOf } from './steps.ts';

interface StepTextProps {
  readonly steps: readonly TourStep[];
  /** From 1. */
  readonly at: number;
  /** The page is the one that the step is about. */
  readonly isHere: boolean;
  readonly onGo: (at: number) => void;
}

/** What a step says, what happened of it last, and what happens ahead meanwhile. */
export function StepText({ steps, at, isHere, onGo }: StepTextProps): ReactNode {
  const [since] = useState(Date.now);
  const step = steps[at - 1];
  if (!step) return null;
  const ahead = aheadOf(steps, at, since);
  return (
    <div className="min-w-0">
      <div aria-live="polite">
        <h2 tabIndex={-1} className="text-lead font-semibold focus:outline-none">
          {step.title}
        </h2>
        <p className="max-w-[80ch] text-soft">{step.text}</p>
      </div>
      <Happened of={step} isHere={isHere} />
      {ahead && (
        <p className="mt-0.5 flex min-w-0 items-baseline gap-x-1.5 text-small">
          <span className="shrink-0 text-faint">Meanwhile</span>
          <button
            type="button"
            onClick={() => onGo(ahead.at)}
            className="truncate text-accent underline"
          >
            {ahead.at}. {ahead.step.title}: {ahead.happened.text}
          </button>
        </p>
      )}
    </div>
  );
}

function Happened(props: { readonly of: TourStep; readonly isHere: boolean }): ReactNode {
  const { of, isHere } = props;
  const { happened } = of;
  return (
    <p className="mt-1 line-clamp-2">
      {happened ? (
        <>
          <span className="text-small text-faint">
            <AgeText at={happened.at} />
          </span>{' '}
          <ConsoleLink
            path={happened.path}
            className="font-semibold wrap-anywhere text-accent underline"
          >
            {happened.text}
          </ConsoleLink>
        </>
      ) : (
        <>
          <span className="text-faint">Nothing of this has happened yet.</span>{' '}
          {!isHere && <ConsoleLink path={placeOf(of)}>Show its page</ConsoleLink>}
        </>
      )}
    </p>
  );
}
