import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { quote } from '../where/quote.ts';
import { VerdictList, verdictName } from './VerdictList.tsx';

const shownAtMost = 20;

/** What a rule with `moved` judged of the last changes: also that nothing moved, or cannot be told. */
export function RuleVerdicts({ rule }: { readonly rule: string }): ReactNode {
  const where = `name = ${quote(verdictName)} and label.rule = ${quote(rule)}`;
  const found = useQuery({
    queryKey: ['verdicts', rule],
    queryFn: ({ signal }) =>
      api.events({ where, last: '30d', order: 'newest', limit: shownAtMost }, signal),
  });
  const events = found.data?.events ?? [];
  return (
    <>
      <Asking of={found} />
      {found.data && events.length === 0 && (
        <p className="text-soft">
          Nothing was judged in the last 30 days: no change came, or it is still watched.
        </p>
      )}
      <VerdictList events={events} />
    </>
  );
}
