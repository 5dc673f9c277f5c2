import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Reservation } from '../../server/api/contract-deploys.ts';
import { Button } from '../kit/Button.tsx';
import { useNow } from '../kit/clock.ts';
import { formatTime } from '../kit/format.ts';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { useZone } from '../kit/preferences.ts';
import { TimeText } from '../kit/TimeText.tsx';
import { whereQuery } from '../releases/api.ts';
import { giveBack, reserve } from './api.ts';

const slotMinutes = 30;
const slotMs = slotMinutes * 60_000;
const slotsShown = 8;

/** Times that are kept for somebody, and free ones: a click on a free one, a click on the application. */
export function Reservations(props: {
  readonly environment: string;
  readonly of: readonly Reservation[];
}): ReactNode {
  const { environment, of } = props;
  const [from, setFrom] = useState<number>();
  const standing = of.filter(({ ended }) => !ended);
  return (
    <div className="mt-3 flex flex-col gap-2">
      {standing.map((one) => (
        <Kept key={one.id} of={one} />
      ))}
      <details>
        <summary className="min-h-6 cursor-pointer text-small text-soft">Reserve a time</summary>
        <Slots taken={standing} chosen={from} onChoose={setFrom} />
        {from !== undefined && (
          <Applications environment={environment} from={from} onDone={() => setFrom(undefined)} />
        )}
      </details>
    </div>
  );
}

function Kept({ of }: { readonly of: Reservation }): ReactNode {
  const queries = useQueryClient();
  const refusal = useRefusal('act');
  const doing = useMutation({
    mutationFn: () => giveBack(of.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['deploys'] }),
  });
  return (
    <p className="flex flex-wrap items-center gap-x-3 text-small">
      <span>
        <TimeText at={of.from} /> to <TimeText at={of.until} /> kept for{' '}
        <strong className="font-semibold">{of.app}</strong> by {of.by}
        {of.reason !== null && `: ${of.reason}`}
      </span>
      <Button look="quiet" because={refusal} onClick={() => doing.mutate()}>
        Give it back
      </Button>
      {doing.error && <ErrorNotice error={doing.error} />}
    </p>
  );
}

interface SlotsProps {
  readonly taken: readonly Reservation[];
  readonly chosen: number | undefined;
  readonly onChoose: (from: number) => void;
}

function Slots({ taken, chosen, onChoose }: SlotsProps): ReactNode {
  const first = Math.ceil(useNow() / slotMs) * slotMs;
  const zone = useZone();
  const refusal = useRefusal('act');
  return (
    <fieldset className="mt-1 flex flex-wrap gap-1.5" aria-label="Free half hours">
      {Array.from({ length: slotsShown }, (_, i) => first + i * slotMs).map((from) => {
        const by = taken.find((one) => one.from < from + slotMs && one.until > from);
        return (
          <Button
            key={from}
            aria-pressed={chosen === from}
            because={refusal ?? (by && `kept for ${by.app} by ${by.by}`)}
            onClick={() => onChoose(from)}
          >
            {formatTime(from, zone).slice(11, 16)}
          </Button>
        );
      })}
    </fieldset>
  );
}

function Applications(props: {
  readonly environment: string;
  readonly from: number;
  readonly onDone: () => void;
}): ReactNode {
  const { environment, from, onDone } = props;
  const where = useQuery(whereQuery);
  const queries = useQueryClient();
  const doing = useMutation({
    mutationFn: (app: string) => reserve({ app, environment, from, minutes: slotMinutes }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['deploys'] });
      onDone();
    },
  });
  const apps = [...new Set((where.data?.lanes ?? []).map(({ app }) => app))].toSorted();
  return (
    <fieldset className="mt-2 flex flex-wrap items-center gap-1.5" aria-label="For which">
      <span className="text-small text-soft">{slotMinutes} minutes for</span>
      {apps.map((app) => (
        <Button key={app} onClick={() => doing.mutate(app)}>
          {app}
        </Button>
      ))}
      {apps.length === 0 && <span className="text-soft">no application is known yet</span>}
      {doing.error && <ErrorNotice error={doing.error} />}
    </fieldset>
  );
}
