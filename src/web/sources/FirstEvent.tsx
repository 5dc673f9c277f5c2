import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { IntakeView, SenderView } from '../../server/api/contract-intakes.ts';
import { counted } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { sendersQuery } from './api.ts';
import { sourceOf } from './source-of.ts';

interface FirstEventProps {
  readonly intake: string;
  readonly kind: IntakeView['kind'] | undefined;
  /** Only this one is waited for, where its name is known before it sends. */
  readonly sender?: string;
}

/** Says that nothing has come yet, that something was refused and why, or what has arrived. */
export function FirstEvent({ intake, kind, sender }: FirstEventProps): ReactNode {
  const { data, error } = useQuery(sendersQuery);
  // By the server's clock: what came before the page was opened is not what is waited for.
  const [since, setSince] = useState<number>();
  if (since === undefined && data !== undefined) setSince(data.now);
  const here = (data?.senders ?? []).filter(
    (one) => one.intake === intake && (sender === undefined || one.sender === sender),
  );
  const heard = here.find(
    ({ last, problem }) => last >= (since ?? Infinity) && problem?.at !== last,
  );
  const refused = here.find(({ problem }) => problem && problem.at >= (since ?? Infinity));
  return (
    <output className="block rounded-normal border border-line bg-panel p-3">
      {error ? (
        <StateMark state="unknown" word={`not known: ${error.message}`} />
      ) : heard ? (
        <Arrived sender={heard} kind={kind} />
      ) : refused ? (
        <Refused sender={refused} />
      ) : (
        <>
          <span className="breathe">Waiting for the first event…</span>
          <Before here={here} />
        </>
      )}
    </output>
  );
}

function Arrived(props: {
  readonly sender: SenderView;
  readonly kind: IntakeView['kind'] | undefined;
}): ReactNode {
  const { sender, kind } = props;
  const where = sourceOf(sender, kind);
  return (
    <>
      <StateMark state="ok" word={`It arrives: ${counted(sender.accepted, 'event')} accepted`} />
      <p className="mt-1 wrap-anywhere text-soft">
        from {sender.sender}, the last <AgeText at={sender.last} />.{' '}
        {where !== undefined && (
          <Link to="/stream" search={{ where }} className="text-accent underline">
            See it in the stream
          </Link>
        )}
      </p>
    </>
  );
}

function Refused({ sender }: { readonly sender: SenderView }): ReactNode {
  const { problem } = sender;
  if (problem === undefined) return null;
  return (
    <>
      <StateMark state="critical" word={`Something came from ${sender.sender} and was refused`} />
      <p className="mt-1 wrap-anywhere">
        {problem.message}{' '}
        <a
          href={`/docs/errors#${problem.code}`}
          className="font-mono text-small text-soft underline"
        >
          {problem.code}
        </a>
      </p>
      {problem.sample !== undefined && (
        <pre className="mt-1 font-mono text-small wrap-anywhere whitespace-pre-wrap">
          {problem.sample}
        </pre>
      )}
    </>
  );
}

/** Others of the same kind that were there before. */
function Before({ here }: { readonly here: readonly SenderView[] }): ReactNode {
  const [one] = here;
  if (one === undefined) return null;
  return (
    <p className="mt-1 text-small text-faint">
      {counted(here.length, 'sender')} came this way before; the last was {one.sender},{' '}
      <AgeText at={one.last} />.
    </p>
  );
}
