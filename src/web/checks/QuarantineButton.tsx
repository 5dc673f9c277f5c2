import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Quarantine } from '../../server/api/contract-checks.ts';
import { Button } from '../kit/Button.tsx';
import { useNow } from '../kit/clock.ts';
import { Dialog } from '../kit/Dialog.tsx';
import { TextArea } from '../kit/Field.tsx';
import { formatTime, zoneName } from '../kit/format.ts';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { useZone } from '../kit/preferences.ts';
import { Segmented } from '../kit/Segmented.tsx';
import { liftQuarantine, quarantine } from './api.ts';

interface QuarantineButtonProps {
  readonly check: {
    readonly id: string;
    readonly name: string;
    readonly quarantine: Quarantine | null;
  };
}

/** Puts a check into quarantine, for a reason and until a day; or ends that. */
export function QuarantineButton({ check }: QuarantineButtonProps): ReactNode {
  const queries = useQueryClient();
  const refusal = useRefusal('act');
  const [isOpen, setOpen] = useState(false);
  const lift = useMutation({
    mutationFn: () => liftQuarantine(check.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['checks'] }),
  });
  if (check.quarantine)
    return (
      <>
        <Button because={refusal} aria-busy={lift.isPending} onClick={() => lift.mutate()}>
          End the quarantine
        </Button>
        {lift.error && <ErrorNotice error={lift.error} />}
      </>
    );
  return (
    <>
      <Button because={refusal} onClick={() => setOpen(true)}>
        Quarantine…
      </Button>
      {isOpen && <QuarantineDialog check={check} onClose={() => setOpen(false)} />}
    </>
  );
}

const day = 86_400_000;
const ends = [
  ['1', '1 day'],
  ['3', '3 days'],
  ['7', '1 week'],
  ['14', '2 weeks'],
] as const;

function QuarantineDialog(
  props: QuarantineButtonProps & { readonly onClose: () => void },
): ReactNode {
  const { check, onClose } = props;
  const queries = useQueryClient();
  const zone = useZone();
  const now = useNow();
  const [reason, setReason] = useState('');
  const [days, setDays] = useState<(typeof ends)[number][0]>('3');
  const put = useMutation({
    mutationFn: () => quarantine(check.id, reason.trim(), Date.now() + Number(days) * day),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['checks'] });
      onClose();
    },
  });
  const because = reason.trim() === '' ? 'Say why: whoever reads it next will ask' : undefined;
  return (
    <Dialog title="Quarantine a check" onClose={onClose}>
      <form
        className="flex flex-col gap-4 overflow-y-auto p-4"
        onSubmit={(e) => {
          e.preventDefault();
          if (because === undefined) put.mutate();
        }}
      >
        <p className="text-soft">
          <strong className="font-semibold text-ink">{check.name}</strong> goes on being run, and
          its results are kept. Nobody is told of its failures until the end; then it counts again
          by itself.
        </p>
        <TextArea
          label="Why"
          required
          maxLength={500}
          value={reason}
          onChange={setReason}
          placeholder="Fails each night while the payment provider restarts, ticket 4711"
        />
        <div className="flex flex-col gap-1">
          <span className="label">For how long</span>
          <div className="max-w-full overflow-x-auto">
            <Segmented label="For how long" isBig value={days} options={ends} onChange={setDays} />
          </div>
          <p className="text-small text-faint">
            ends {formatTime(now + Number(days) * day, zone).slice(0, 16)} {zoneName(zone)}
          </p>
        </div>
        {put.error && <ErrorNotice error={put.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button isBig onClick={onClose}>
            Cancel
          </Button>
          <Button isBig look="primary" type="submit" because={because} aria-busy={put.isPending}>
            Quarantine it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
