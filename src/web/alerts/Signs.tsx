import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '../kit/Icon.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import type { Alert } from '../../server/api/contract-alerts.ts';

/** Who has it, and why nobody is told: each in words. */
export function Signs({ alert }: { readonly alert: Alert }): ReactNode {
  const { acknowledged, flapping, silencedBy, inhibitedBy } = alert;
  return (
    <>
      {acknowledged && (
        <span className="inline-flex min-w-0 items-center gap-1 text-soft">
          <Icon name="check" />
          <span className="wrap-anywhere">
            {acknowledged.by} has it, <AgeText at={acknowledged.at} />
            {acknowledged.note && `: ${acknowledged.note}`}
          </span>
        </span>
      )}
      {flapping && (
        <span
          className="inline-flex items-center gap-1 text-warning"
          title="Its condition changes so often that it is kept open and told once"
        >
          <svg
            aria-hidden="true"
            viewBox="0 0 16 16"
            className="size-4"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
          >
            <path d="M1.5 11h3V5h3.5v6h3.5V5h3" />
          </svg>
          flapping
        </span>
      )}
      {silencedBy.length > 0 && (
        <span className="inline-flex items-center gap-1 text-soft">
          <Icon name="silence" />
          silenced
        </span>
      )}
      {inhibitedBy !== undefined && (
        <span className="text-soft">
          not told:{' '}
          <Link to="/alerts/$id" params={{ id: inhibitedBy }} className="text-accent underline">
            another alert explains it
          </Link>
        </span>
      )}
    </>
  );
}
