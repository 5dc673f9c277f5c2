import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { useNow } from '../kit/clock.ts';
import { Dialog } from '../kit/Dialog.tsx';
import { Field, TextArea } from '../kit/Field.tsx';
import { formatDuration, formatTime, zoneName } from '../kit/format.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { useZone, type Zone } from '../kit/preferences.ts';
import { Segmented } from '../kit/Segmented.tsx';
import { faultOf } from '../where/check.ts';
import { WhereField } from '../where/WhereField.tsx';
import { alertsApi, matchingAlertsQuery } from './api.ts';
import { type End, endOf, ends } from './ends.ts';

interface NewSilenceDialogProps {
  /** What to begin with: the filter that matches one alert. */
  readonly where?: string;
  readonly onClose: () => void;
}

/** Says which alerts nobody is told of, why, and until when. */
export function NewSilenceDialog({ where: first = '', onClose }: NewSilenceDialogProps): ReactNode {
  const queries = useQueryClient();
  const zone = useZone();
  const [where, setWhere] = useState(first);
  const [reason, setReason] = useState('');
  const [end, setEnd] = useState<End>();
  const [custom, setCustom] = useState('');
  const read = (text: string): number => Date.parse(zone === 'utc' ? `${text}Z` : text);
  const untilOf = (now: number): number => (custom === '' ? endOf(end ?? '1h', now) : read(custom));
  const create = useMutation({
    mutationFn: () => alertsApi.silence({ where, reason, ends: untilOf(Date.now()) }),
    onSuccess: async () => {
      await Promise.all(
        ['silences', 'alerts'].map((of) => queries.invalidateQueries({ queryKey: [of] })),
      );
      onClose();
    },
  });
  const now = useNow();
  const wrong = whyNot(where, reason, untilOf(now) > now);
  return (
    <Dialog title="Silence alerts" onClose={onClose}>
      <form
        className="flex flex-col gap-4 overflow-y-auto p-4"
        onSubmit={(e) => {
          e.preventDefault();
          if (wrong === undefined) create.mutate();
        }}
      >
        <p className="text-soft">
          Rules go on deciding and alerts open as before. Of those that match nobody is told, until
          the end or until somebody ends it.
        </p>
        <div>
          <p className="label mb-1">
            Which alerts: <code className="font-mono">name</code> is the rule,{' '}
            <code className="font-mono">state</code> the severity
          </p>
          <WhereField
            key={first}
            label="Which alerts"
            value={where}
            onChange={setWhere}
            placeholder={'service = "shop" and state != "critical"'}
          />
          <Matching where={where} />
        </div>
        <TextArea
          label="Why"
          required
          maxLength={500}
          value={reason}
          onChange={setReason}
          placeholder="Disk is being replaced, ticket 4711"
        />
        <div className="flex flex-col gap-1">
          <span className="label">Until</span>
          <div className="max-w-full overflow-x-auto">
            <Segmented
              label="Until"
              isBig
              value={custom === '' ? (end ?? '1h') : undefined}
              options={ends}
              onChange={(next) => {
                setEnd(next);
                setCustom('');
              }}
            />
          </div>
          <Field
            label={`or until, ${zoneName(zone)}`}
            type="datetime-local"
            value={custom}
            onChange={setCustom}
          />
          <Until zone={zone} until={untilOf(now)} now={now} />
        </div>
        {create.error && <ErrorNotice error={create.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button isBig onClick={onClose}>
            Cancel
          </Button>
          <Button isBig look="primary" type="submit" because={wrong} aria-busy={create.isPending}>
            Silence
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface UntilProps {
  readonly zone: Zone;
  readonly until: number;
  readonly now: number;
}

function Until({ zone, until, now }: UntilProps): ReactNode {
  if (!(until > now)) return <p className="text-small text-critical">The end must be after now</p>;
  return (
    <p className="text-small text-faint">
      ends {formatTime(until, zone).slice(0, 16)} {zoneName(zone)}, in{' '}
      {formatDuration(Math.floor((until - now) / 60_000) * 60_000)}
    </p>
  );
}

function whyNot(where: string, reason: string, isAhead: boolean): string | undefined {
  if (where.trim() === '') return 'Say which alerts';
  if (faultOf(where)) return 'The filter has a fault';
  if (reason.trim() === '') return 'Say why: whoever is on call next will ask';
  return isAhead ? undefined : 'The end must be after now';
}

/** What the filter would keep quiet at this moment. */
function Matching({ where }: { readonly where: string }): ReactNode {
  const isWhole = where.trim() !== '' && !faultOf(where);
  const { data, error } = useQuery({ ...matchingAlertsQuery(where), enabled: isWhole });
  if (!isWhole) return null;
  if (error) return <ErrorNotice error={error} />;
  if (!data) return <p className="mt-1 text-small text-faint">Counting…</p>;
  const [one] = data.alerts;
  return (
    <output className="mt-1 block text-small text-soft">
      {one === undefined
        ? 'Matches no alert that is open now; it will match those to come.'
        : `Matches ${data.alerts.length} open now: ${data.alerts
            .slice(0, 3)
            .map((alert) => alert.title)
            .join(', ')}${data.alerts.length > 3 ? ', …' : ''}`}
    </output>
  );
}
