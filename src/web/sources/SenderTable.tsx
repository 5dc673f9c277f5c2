import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { IntakeView, SenderView } from '../../server/api/contract-intakes.ts';
import { Button } from '../kit/Button.tsx';
import { CardTable } from '../kit/CardTable.tsx';
import { formatCount, formatDuration, formatNumber } from '../kit/format.ts';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { sourcesApi } from './api.ts';
import { sourceOf } from './source-of.ts';
import { stateOf } from './sender-state.ts';

const heads = [
  ['Sender', ''],
  ['State', ''],
  ['Events/s', 'number'],
  ['Last', ''],
  ['Usual pause', 'number'],
  ['Accepted', 'number'],
  ['Refused', 'number'],
] as const;

interface SenderTableProps {
  readonly senders: readonly SenderView[];
  /** ms since the epoch, by the server's clock. */
  readonly now: number;
  /** Kind of each way in, by its name. */
  readonly kinds: ReadonlyMap<string, IntakeView['kind']>;
}

/** One sender a line, with the last of what was refused under it; on narrow screens a card each. */
export function SenderTable({ senders, now, kinds }: SenderTableProps): ReactNode {
  if (senders.length === 0)
    return <p className="px-3 py-2 text-soft sm:px-5">No sender is like that.</p>;
  return (
    <CardTable label="Senders" heads={heads}>
      {senders.map((sender) => (
        <Row
          key={`${sender.intake} ${sender.sender}`}
          sender={sender}
          now={now}
          where={sourceOf(sender, kinds.get(sender.intake))}
        />
      ))}
    </CardTable>
  );
}

interface RowProps {
  readonly sender: SenderView;
  readonly now: number;
  /** Finds its events; undefined when their source is another thing. */
  readonly where: string | undefined;
}

function Row({ sender, now, where }: RowProps): ReactNode {
  const { mark, word } = stateOf(sender, now);
  return (
    <tr className="border-b border-line/60 hover:bg-sunken">
      <th scope="row" className="text-left font-normal">
        {where === undefined ? (
          <span className="font-semibold wrap-anywhere">{sender.sender}</span>
        ) : (
          <Link
            to="/stream"
            search={{ where }}
            className="inline-block py-1 font-semibold wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2 sm:py-0"
          >
            {sender.sender}
          </Link>
        )}
        <span className="block text-small text-faint">{sender.intake}</span>
        {sender.problem && <LastProblem problem={sender.problem} />}
      </th>
      <td data-name="State">
        <StateMark state={mark} word={word} />
        {word === 'silent' && <Forget sender={sender} />}
      </td>
      <td data-name="Events/s" className="number">
        {formatNumber(sender.rate)}
      </td>
      <td data-name="Last" className="named">
        <AgeText at={sender.last} />
      </td>
      <td data-name="Usual pause" className="number">
        {sender.gap === 0 ? (
          <span className="text-faint">not known yet</span>
        ) : (
          formatDuration(sender.gap)
        )}
      </td>
      <td data-name="Accepted" className="number">
        {formatCount(sender.accepted)}
      </td>
      <td
        data-name="Refused"
        className={`number ${sender.refused > 0 ? 'font-semibold text-critical' : ''}`}
      >
        {formatCount(sender.refused)}
      </td>
    </tr>
  );
}

function LastProblem({ problem }: { readonly problem: NonNullable<SenderView['problem']> }) {
  return (
    <details className="mt-1 max-w-[70ch] text-small">
      <summary className="min-h-6 cursor-pointer text-soft">
        last refused <AgeText at={problem.at} />
      </summary>
      <p className="mt-1 wrap-anywhere">
        {problem.message}{' '}
        <a href={`/docs/errors#${problem.code}`} className="font-mono text-soft underline">
          {problem.code}
        </a>
      </p>
      {problem.sample !== undefined && (
        <pre className="mt-1 rounded-normal border border-line bg-sunken p-2 font-mono wrap-anywhere whitespace-pre-wrap">
          {problem.sample}
        </pre>
      )}
    </details>
  );
}

/** For one that was taken away on purpose. */
function Forget({ sender }: { readonly sender: SenderView }): ReactNode {
  const queries = useQueryClient();
  const because = useRefusal('act');
  const forget = useMutation({
    mutationFn: () => sourcesApi.forget(sender.intake, sender.sender),
    onSettled: () => queries.invalidateQueries({ queryKey: ['senders'] }),
  });
  return (
    <>
      <Button
        look="quiet"
        className="-ml-2.5 text-small!"
        because={because}
        aria-label={`Forget ${sender.sender}`}
        onClick={() => forget.mutate()}
      >
        {forget.isPending ? 'One moment…' : 'Forget it'}
      </Button>
      {forget.error && <ErrorNotice error={forget.error} />}
    </>
  );
}
