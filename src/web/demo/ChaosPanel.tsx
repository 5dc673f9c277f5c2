import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AskChaos, Chaos } from '../../server/api/contract-demo.ts';
import { EventLink } from '../alerts/EventLink.tsx';
import { Button } from '../kit/Button.tsx';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { askChaos } from './api.ts';
import { chaosButtons } from './words.ts';

interface ChaosPanelProps {
  readonly of: readonly Chaos[];
  /** Why nothing can be broken now. */
  readonly because: string | undefined;
}

/** What can be broken on purpose, what is really done then, and what should be seen of it. */
export function ChaosPanel({ of, because }: ChaosPanelProps): ReactNode {
  const queries = useQueryClient();
  const refusal = useRefusal('act');
  const ask = useMutation({
    mutationFn: (asked: AskChaos) => askChaos(asked),
    // Also after a refusal: the page may have been behind.
    onSettled: () => queries.invalidateQueries({ queryKey: ['demo', 'now'] }),
  });
  return (
    <div data-tour="chaos" className="scroll-mt-9">
      {ask.error && (
        <div className="mb-2">
          <ErrorNotice error={ask.error} />
        </div>
      )}
      <ul
        aria-label="What can be broken"
        className="grid gap-px border border-line bg-line md:grid-cols-2"
      >
        {of.map((chaos) => (
          <Row
            key={chaos.kind}
            of={chaos}
            because={because ?? refusal}
            isBusy={ask.isPending && ask.variables.kind === chaos.kind}
            onAsk={(on) => ask.mutate({ kind: chaos.kind, on })}
          />
        ))}
      </ul>
    </div>
  );
}

interface RowProps {
  readonly of: Chaos;
  readonly because: string | undefined;
  readonly isBusy: boolean;
  readonly onAsk: (on: boolean) => void;
}

function Row({ of, because, isBusy, onAsk }: RowProps): ReactNode {
  const { kind, title, description, expect, state, lasts, ending } = of;
  const { begin, end } = chaosButtons[kind];
  const goesOn = state === 'asked' || state === 'running';
  const canEnd = goesOn && lasts;
  const why =
    because ?? (ending ? 'Its end was asked for' : goesOn && !lasts ? 'It goes on' : undefined);
  return (
    <li
      aria-label={title}
      className="flex min-w-0 flex-col gap-1.5 bg-panel px-3 py-3 last:odd:md:col-span-2"
    >
      <div className="flex items-start justify-between gap-x-3">
        <div className="min-w-0 grow">
          <h3 className="text-lead font-semibold">{title}</h3>
          <Standing of={of} />
        </div>
        <Button
          icon={canEnd ? 'pause' : 'play'}
          because={why}
          aria-busy={isBusy}
          onClick={() => onAsk(!canEnd)}
        >
          {canEnd ? end : begin}
        </Button>
      </div>
      {of.said !== null && (
        <p className="border-l-2 border-line-strong pl-2 text-small wrap-anywhere">{of.said}</p>
      )}
      <p className="max-w-[75ch]">{description}</p>
      <p className="max-w-[75ch] text-soft">
        <span className="text-faint">Look for: </span>
        {expect}
      </p>
    </li>
  );
}

/** How it stands, by whom, and since when, with the event that says so. */
function Standing({ of }: { readonly of: Chaos }): ReactNode {
  const { state, ending, since, by, eventId } = of;
  if (since === null) return <p className="text-small text-faint">not tried yet</p>;
  const [look, word] = looks[ending ? 'ending' : state];
  const when = <AgeText at={since} />;
  return (
    <div aria-live="polite" className="text-small">
      <p className="flex flex-wrap items-center gap-x-1.5 text-faint">
        <StateMark state={look} word={word} />
        {eventId ? (
          <EventLink
            source={eventId.source}
            id={eventId.id}
            time={since}
            className="underline hover:text-ink"
          >
            {when}
          </EventLink>
        ) : (
          when
        )}
        {by !== null && <span className="wrap-anywhere">by {by}</span>}
      </p>
    </div>
  );
}

const looks: Readonly<Record<Chaos['state'] | 'ending', readonly [look: string, word: string]>> = {
  idle: ['ok', 'over'],
  asked: ['pending', 'asked'],
  running: ['critical', 'running'],
  ending: ['pending', 'its end is asked for'],
  failed: ['unknown', 'could not be done'],
};
