import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { PlacedEvent } from '../../server/api/contract.ts';
import type { ThreadEvidence } from '../../server/api/contract-thread.ts';
import { Button } from '../kit/Button.tsx';
import { LogLink } from '../kit/LogLink.tsx';
import { ErrorNotice } from '../kit/Notice.tsx';
import { keyOf } from '../stream/search.ts';
import { isUnknown, mayHaveThread, threadQuery } from './api.ts';
import { Matches } from './Matches.tsx';
import { ThreadList } from './ThreadList.tsx';

/** The thread of one event, for its drawer; nothing for a reading that names nothing of a thread. */
export function EventThread({ event }: { readonly event: PlacedEvent }): ReactNode {
  if (!mayHaveThread(event)) return null;
  return <Found of={keyOf(event)} />;
}

function Found({ of }: { readonly of: string }): ReactNode {
  const { data, error, isPending, refetch } = useQuery(threadQuery(of));
  const only = data?.matches.length === 1 ? data.matches[0] : undefined;
  return (
    <section aria-label="Thread" className="border-b border-line px-4 py-3">
      <div className="mb-1 flex items-baseline justify-between gap-3">
        <h3 className="font-semibold">Thread</h3>
        {only && (
          <Link to="/thread" search={{ of: only.key }} className="text-accent underline">
            As a page
          </Link>
        )}
      </div>
      {isPending && <output className="block text-faint">Looking for what led to it…</output>}
      {error && <Lack error={error} onAgain={() => void refetch()} />}
      {data &&
        (only ? <ThreadList thread={data} eventLink={toEvent} /> : <Matches thread={data} />)}
    </section>
  );
}

function Lack(props: { readonly error: Error; readonly onAgain: () => void }): ReactNode {
  if (isUnknown(props.error))
    return <p className="text-soft">It names no commit, change, run, deployment or incident.</p>;
  const again = <Button onClick={props.onAgain}>Try again</Button>;
  return <ErrorNotice error={props.error} action={again} />;
}

/** Leads to an event in the stream, at its time. */
export const toEvent = (of: ThreadEvidence, text: ReactNode): ReactNode => (
  <LogLink of={of}>{text}</LogLink>
);
