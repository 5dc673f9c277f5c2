import type { ReactNode } from 'react';
import type { RedirectMap } from '../../server/api/contract-redirects.ts';
import { formatCount } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';

/** Whether a map holds, as far as that was seen. */
export function VerifiedMark({ of }: { readonly of: RedirectMap }): ReactNode {
  const { verified, verifying, rows } = of;
  if (verifying)
    return <span>{`${formatCount(verifying.done)} of ${formatCount(rows)} asked`}</span>;
  if (!verified) return <StateMark state="pending" word="never verified" />;
  const { wrong, unknown, ok } = verified;
  if (wrong > 0) return <StateMark state="critical" word={`${formatCount(wrong)} wrong`} />;
  if (unknown > 0)
    return <StateMark state="unknown" word={`${formatCount(unknown)} not to be asked`} />;
  return <StateMark state="ok" word={`all ${formatCount(ok)} hold`} />;
}

/** Whether a map is right as it is written. */
export function FindingsMark({ of }: { readonly of: RedirectMap['findings'] }): ReactNode {
  const { errors, warnings } = of;
  const words = (count: number, one: string): string =>
    `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
  if (errors > 0) return <StateMark state="critical" word={words(errors, 'error')} />;
  if (warnings > 0) return <StateMark state="warning" word={words(warnings, 'warning')} />;
  return <StateMark state="ok" word="none" />;
}
