import type { ReactNode } from 'react';
import type { Checks } from '../../server/api/contract-checks.ts';
import { formatCount, formatDuration } from '../kit/format.ts';

const why: Readonly<Record<keyof Checks['counters']['missed'], string>> = {
  asleep: 'the server slept',
  'still-running': 'the last run had not ended',
  'no-place': 'no place was free',
  stopped: 'checks were stopped',
  quarantined: 'quarantined',
};

/** Every slot is accounted for: it had a run, or it is said why not. */
export function Counters({ of }: { readonly of: Checks['counters'] }): ReactNode {
  const { slots, runs, missed, lagP99 } = of;
  const reasons = (Object.keys(why) as (keyof typeof why)[]) // the keys of the record above
    .filter((reason) => (missed[reason] ?? 0) > 0)
    .map((reason) => `${formatCount(missed[reason] ?? 0)} because ${why[reason]}`);
  return (
    <p className="px-3 pt-3 text-small text-soft sm:px-5">
      Since the server was started {formatCount(slots)} slots were due and {formatCount(runs)} runs
      made{reasons.length > 0 && `; missed: ${reasons.join(', ')}`}.{' '}
      {lagP99 === null
        ? 'How late they began is not known yet.'
        : `99 of 100 began within ${formatDuration(lagP99)} of their time.`}
    </p>
  );
}
