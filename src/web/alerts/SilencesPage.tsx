import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText, TimeText } from '../kit/TimeText.tsx';
import { AlertsFrame } from './AlertsFrame.tsx';
import { alertsApi, silencesQuery } from './api.ts';
import type { Silence } from '../../server/api/contract-alerts.ts';
import { NewSilenceDialog } from './NewSilenceDialog.tsx';

const order: readonly Silence['state'][] = ['active', 'pending', 'ended', 'expired'];

/** Of what nobody is told, why, by whom and until when. */
export function SilencesPage(): ReactNode {
  const found = useQuery(silencesQuery);
  const because = useRefusal('act');
  const [isNew, setIsNew] = useState(false);
  const silences = (found.data?.silences ?? []).toSorted(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.ends - b.ends,
  );
  const add = (
    <Button isBig look="primary" icon="silence" because={because} onClick={() => setIsNew(true)}>
      Silence…
    </Button>
  );
  return (
    <AlertsFrame title="Silences" actions={add}>
      <Asking of={found} />
      {because !== undefined && (
        <p className="px-3 py-2 text-small text-faint sm:px-5">{because}</p>
      )}
      {found.data && silences.length === 0 && (
        <EmptyState title="Nothing is silenced">
          <p>
            A silence keeps alerts from being told for a while: for planned work, or for what is
            known and waits. It has a reason and an end, so nothing stays quiet by oversight. The
            alerts themselves open, change and end as always.
          </p>
        </EmptyState>
      )}
      <ul>
        {silences.map((silence) => (
          <SilenceRow key={silence.id} silence={silence} because={because} />
        ))}
      </ul>
      {isNew && <NewSilenceDialog onClose={() => setIsNew(false)} />}
    </AlertsFrame>
  );
}

function SilenceRow(props: {
  readonly silence: Silence;
  readonly because: string | undefined;
}): ReactNode {
  const { silence, because } = props;
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => alertsApi.endSilence(silence.id),
    onSettled: () =>
      Promise.all(
        ['silences', 'alerts'].map((of) => queries.invalidateQueries({ queryKey: [of] })),
      ),
  });
  const word = end.isPending ? 'One moment…' : 'End it';
  const isOver = silence.state === 'ended' || silence.state === 'expired';
  return (
    <li
      className={`grid grid-cols-[minmax(0,1fr)] items-center gap-x-4 gap-y-2 border-b border-line px-3 py-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:px-5 sm:py-2 ${isOver ? 'text-soft' : ''}`}
    >
      <div className="min-w-0">
        <p className={`text-lead wrap-anywhere ${isOver ? '' : 'font-semibold'}`}>
          {silence.reason}
        </p>
        <p className="font-mono text-small wrap-anywhere text-soft">{silence.where}</p>
        <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-soft">
          <StateMark state={silence.state} />
          <span>by {silence.by}</span>
          <Times silence={silence} />
          {!isOver && <span>matches {silence.matches} open now</span>}
        </p>
        {end.error && <ErrorNotice error={end.error} />}
      </div>
      {!isOver && (
        <Button
          isBig
          because={because}
          aria-label={`${word}: ${silence.reason}`}
          onClick={() => end.mutate()}
        >
          {word}
        </Button>
      )}
    </li>
  );
}

function Times({ silence }: { readonly silence: Silence }): ReactNode {
  const { state, starts, ends, ended } = silence;
  if (ended)
    return (
      <span>
        ended by {ended.by}, <AgeText at={ended.at} />
      </span>
    );
  return (
    <span>
      {state === 'pending' && (
        <>
          begins <AgeText at={starts} />,{' '}
        </>
      )}
      {state === 'expired' ? 'ended ' : 'ends '}
      <AgeText at={ends} /> (<TimeText at={ends} />)
    </span>
  );
}
