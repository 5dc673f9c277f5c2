import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { MovedVerdict } from '../alerts/MovedVerdict.tsx';
import { verdictIn } from '../alerts/verdict-in.ts';
import { api } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { unitOf } from '../kit/units.ts';
import { keyOf } from '../stream/search.ts';
import { quote } from '../where/quote.ts';

const shownAtMost = 20;

/** What a rule with `moved` judged of the last changes: also that nothing moved, or cannot be told. */
export function RuleVerdicts({ rule }: { readonly rule: string }): ReactNode {
  const where = `name = "change.verdict" and label.rule = ${quote(rule)}`;
  const found = useQuery({
    queryKey: ['verdicts', rule],
    queryFn: ({ signal }) =>
      api.events({ where, last: '30d', order: 'newest', limit: shownAtMost }, signal),
  });
  const verdicts = (found.data?.events ?? []).flatMap((event) => {
    const about = verdictIn(event.data);
    return about ? [{ event, about }] : [];
  });
  return (
    <>
      <Asking of={found} />
      {found.data && verdicts.length === 0 && (
        <p className="text-soft">
          Nothing was judged in the last 30 days: no change came, or it is still watched.
        </p>
      )}
      <ul>
        {verdicts.map(({ event, about }) => (
          <li key={keyOf(event)} className="border-b border-line/60 py-2 last:border-0">
            <details>
              <summary className="cursor-pointer">
                <span className="font-semibold">{event.attributes?.['change'] ?? 'a change'}</span>{' '}
                {event.attributes?.['text'] ?? about.verdict.kind}
                <span className="block pl-4 text-small text-soft">
                  {[event.attributes?.['metric.name'], event.service, event.environment]
                    .filter(Boolean)
                    .join(' · ')}
                  , <TimeText at={event.time} />
                </span>
              </summary>
              <div className="mt-2 pl-4">
                <MovedVerdict
                  about={about}
                  unit={unitOf(event.attributes?.['metric.name'], 'mean')}
                />
              </div>
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}
