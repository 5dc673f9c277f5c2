import type { ReactNode } from 'react';
import { MovedVerdict } from '../alerts/MovedVerdict.tsx';
import { verdictIn } from '../alerts/verdict-in.ts';
import { TimeText } from '../kit/TimeText.tsx';
import { unitOf } from '../kit/units.ts';

/** The readings that `moved` puts on the log for each verdict. */
export const verdictName = 'change.verdict';

/** As much of such a reading as is shown. */
interface VerdictEvent {
  readonly time: number;
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  readonly data?: unknown;
}

/** Verdicts in one sentence each, with their measures to be opened. */
export function VerdictList({ events }: { readonly events: readonly VerdictEvent[] }): ReactNode {
  return (
    <ul aria-label="Verdicts">
      {events.map((event) => {
        const about = verdictIn(event.data);
        const { attributes = {}, service, environment, time } = event;
        const metric = attributes['metric.name'];
        const places = [metric, service, environment].filter(Boolean).join(' · ');
        return about ? (
          <li
            key={`${time} ${places} ${attributes['change.id']}`}
            className="border-b border-line/60 py-2 last:border-0"
          >
            <details>
              <summary className="min-h-6 cursor-pointer">
                <span className="font-semibold">{attributes['change'] ?? 'a change'}</span>{' '}
                {attributes['text'] ?? about.verdict.kind}
                <span className="block pl-4 text-small text-soft">
                  {places}, <TimeText at={time} />
                </span>
              </summary>
              <div className="mt-2 pl-4">
                <MovedVerdict about={about} unit={unitOf(metric, 'mean')} />
              </div>
            </details>
          </li>
        ) : null;
      })}
    </ul>
  );
}
