import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button } from '../kit/Button.tsx';
import { useNow } from '../kit/clock.ts';
import { formatDuration } from '../kit/format.ts';
import { formatIn, unitOf } from '../kit/units.ts';
import type { Alert } from '../../server/api/contract-alerts.ts';
import { aboutOf, isUnattended } from './order.ts';
import { SeverityMark } from './SeverityMark.tsx';
import { Signs } from './Signs.tsx';

interface AlertRowProps {
  readonly alert: Alert;
  /** Why nobody here may acknowledge; undefined: they may. */
  readonly because: string | undefined;
  readonly busy: boolean;
  readonly onAcknowledge: () => void;
}

/** One open alert: what, where, since when, who has it, and the button that takes it on. */
export function AlertRow({ alert, because, busy, onAcknowledge }: AlertRowProps): ReactNode {
  const quiet = !isUnattended(alert);
  const about = aboutOf(alert);
  const word = busy ? 'One moment…' : wordOf(alert);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] items-center gap-x-4 gap-y-2 border-b border-line px-3 py-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:px-5 sm:py-2">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <SeverityMark severity={alert.severity} />
          <Link
            to="/alerts/$id"
            params={{ id: alert.id }}
            className={`min-w-0 py-1 text-lead wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2 sm:py-0 ${quiet ? '' : 'font-semibold'}`}
          >
            {alert.title}
          </Link>
        </div>
        <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-soft">
          <span className="font-semibold text-ink">
            <Lasting since={alert.since} />
          </span>
          {alert.value !== undefined && (
            <span title={alert.name}>
              {formatIn(unitOf(alert.name, ''), alert.value)}
              <span className="sr-only"> {alert.name}</span>
            </span>
          )}
          {about !== '' && <span className="wrap-anywhere">{about}</span>}
          <span className="text-faint">{alert.rule}</span>
          <Signs alert={alert} />
        </div>
      </div>
      <Button
        isBig
        look={quiet ? 'quiet' : 'plain'}
        icon={alert.acknowledged ? undefined : 'check'}
        because={because}
        aria-busy={busy}
        aria-label={`${word}: ${alert.title}`}
        onClick={onAcknowledge}
      >
        {word}
      </Button>
    </li>
  );
}

/** The word on the button; the same for all, so that muscle memory holds. */
export const wordOf = (alert: Alert): string => (alert.acknowledged ? 'Give back' : 'Acknowledge');

/** For how long, to the second only while it is young. */
export function Lasting({ since }: { readonly since: number }): ReactNode {
  const ms = Math.max(0, useNow() - since);
  const step = ms < 60_000 ? 1000 : ms < 3_600_000 ? 60_000 : 3_600_000 / 60;
  return <>for {formatDuration(Math.floor(ms / step) * step)}</>;
}
