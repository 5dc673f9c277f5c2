import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { Dialog } from '../kit/Dialog.tsx';
import { TextArea } from '../kit/Field.tsx';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { wordOf } from './AlertRow.tsx';
import type { Alert } from '../../server/api/contract-alerts.ts';
import { alertsApi } from './api.ts';
import { matcherOf } from './matcher.ts';
import { NewSilenceDialog } from './NewSilenceDialog.tsx';
import { aboutOf } from './order.ts';
import { Signs } from './Signs.tsx';
import { useAcknowledge } from './use-acknowledge.ts';

/** What can be done about an alert. At the top, so that a thumb finds it before anything is read. */
export function AlertActions({ alert }: { readonly alert: Alert }): ReactNode {
  const acknowledge = useAcknowledge();
  const resolve = useResolve(alert);
  const refusal = useRefusal('act');
  const [open, setOpen] = useState<'silence' | 'note' | 'resolve'>();
  const close = (): void => setOpen(undefined);
  const over = alert.state === 'resolved' ? 'It is over: there is nothing to take on' : undefined;
  const because = over ?? refusal;
  const isTaken = alert.acknowledged !== undefined;
  const failed = acknowledge.error ?? resolve.error;
  return (
    <div className="border-b border-line px-3 py-3 sm:px-5">
      {failed && <ErrorNotice error={failed} />}
      <div className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
        <Button
          isBig
          look={isTaken ? 'plain' : 'primary'}
          icon="check"
          because={because}
          aria-busy={acknowledge.isPending}
          className="col-span-2"
          onClick={() => acknowledge.mutate({ alert })}
        >
          {acknowledge.isPending ? 'One moment…' : wordOf(alert)}
        </Button>
        {!isTaken && (
          <Button isBig because={because} onClick={() => setOpen('note')}>
            With a note…
          </Button>
        )}
        <Button isBig icon="silence" because={refusal} onClick={() => setOpen('silence')}>
          Silence…
        </Button>
        <Runbook to={alert.runbook} />
        <Button isBig look="quiet" because={because} onClick={() => setOpen('resolve')}>
          End by hand…
        </Button>
      </div>
      {because !== undefined && <p className="mt-2 text-small text-faint">{because}</p>}
      <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 sm:mt-2">
        <span>
          {[aboutOf(alert), `rule ${alert.rule}`].filter((text) => text !== '').join(' · ')}
        </span>
        <Signs alert={alert} />
      </p>
      {open === 'silence' && <NewSilenceDialog where={matcherOf(alert)} onClose={close} />}
      {open === 'note' && (
        <NoteDialog
          title="Acknowledge with a note"
          action="Acknowledge"
          example="Restarting the workers, back in ten minutes"
          onClose={close}
          onNote={(note) => acknowledge.mutate({ alert, note })}
        />
      )}
      {open === 'resolve' && (
        <NoteDialog
          title="End by hand"
          action="It is over"
          example="The rule was renamed"
          says="A rule ends its own alerts. This is for one whose rule is gone: if the rule still sees the condition, it opens the alert again."
          onClose={close}
          onNote={(note) => resolve.mutate(note)}
        />
      )}
    </div>
  );
}

/** Only web addresses become links: a rule's text must not run anything here. */
function Runbook({ to }: { readonly to: string | undefined }): ReactNode {
  if (to === undefined || !/^https?:\/\//.test(to)) return null;
  return (
    <a
      href={to}
      rel="noreferrer"
      target="_blank"
      className="inline-flex h-12 items-center justify-center rounded-normal border border-line-strong/60 bg-raised px-4 hover:bg-sunken sm:h-8 sm:px-2.5"
    >
      Runbook
    </a>
  );
}

function useResolve({ id }: Alert) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (note: string) => alertsApi.resolve(id, note),
    onSettled: () => queries.invalidateQueries({ queryKey: ['alerts'] }),
  });
}

interface NoteDialogProps {
  readonly title: string;
  readonly action: string;
  readonly example: string;
  readonly says?: string;
  readonly onClose: () => void;
  readonly onNote: (note: string) => void;
}

function NoteDialog(props: NoteDialogProps): ReactNode {
  const [note, setNote] = useState('');
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form
        className="flex flex-col gap-4 p-4"
        onSubmit={(e) => {
          e.preventDefault();
          props.onClose();
          props.onNote(note.trim());
        }}
      >
        {props.says !== undefined && <p className="text-soft">{props.says}</p>}
        <TextArea
          label="What others should know"
          data-focus-first
          value={note}
          onChange={setNote}
          maxLength={2000}
          rows={3}
          placeholder={props.example}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button isBig onClick={props.onClose}>
            Cancel
          </Button>
          <Button isBig look="primary" type="submit">
            {props.action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
