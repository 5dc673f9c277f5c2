import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Check } from '../../server/api/contract-checks.ts';
import { Notice } from '../kit/Notice.tsx';
import { AgeText, TimeText } from '../kit/TimeText.tsx';

/** What is not as it should be with a check, each with what it means. */
export function CheckNotices({ of }: { readonly of: Check }): ReactNode {
  const { standing, quarantine } = of;
  const { shown, summary, stale, flapping, flapPercent, suppressedBy, inGrace } = standing;
  return (
    <>
      {summary !== null && shown !== 'ok' && shown !== 'pending' && (
        <Notice look={shown === 'critical' ? 'critical' : 'warning'}>{summary}</Notice>
      )}
      {stale && (
        <Notice look="warning">
          <strong className="font-semibold">Stale.</strong> No result came in three intervals:
          whatever it said last, it is unknown now.
        </Notice>
      )}
      {quarantine && (
        <Notice look="plain">
          <strong className="font-semibold">In quarantine</strong> until{' '}
          <TimeText at={quarantine.until} />, by {quarantine.by}, <AgeText at={quarantine.since} />:{' '}
          {quarantine.reason} Nobody is told of its failures until then.
        </Notice>
      )}
      {flapping && (
        <Notice look="warning">
          <strong className="font-semibold">Flapping, {Math.round(flapPercent)} %.</strong> One
          alert stands for all of its changes until it calms down.
        </Notice>
      )}
      {suppressedBy !== null && (
        <Notice look="plain">
          <strong className="font-semibold">Held.</strong> It needs{' '}
          <Link
            to="/checks/$id"
            params={{ id: suppressedBy }}
            className="wrap-anywhere text-accent underline"
          >
            {suppressedBy}
          </Link>
          , which is down: this one is run as always and makes no alert.
        </Notice>
      )}
      {inGrace && (
        <Notice look="plain">
          <strong className="font-semibold">Grace.</strong> After a deploy or a first start failures
          do not count for a while.
        </Notice>
      )}
    </>
  );
}
