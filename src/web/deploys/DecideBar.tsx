import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Deploy } from '../../server/api/contract-deploys.ts';
import { Button } from '../kit/Button.tsx';
import { Dialog } from '../kit/Dialog.tsx';
import { TextArea } from '../kit/Field.tsx';
import { formatDuration } from '../kit/format.ts';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { type Word, rollBack, say } from './api.ts';
import { isOver } from './words.ts';

interface Asking {
  readonly word: Word | 'roll back';
  readonly title: string;
  readonly explains: string;
  readonly button: string;
  /** Without a reason it is not taken. */
  readonly needsText: boolean;
}

const askings = {
  cancel: {
    word: 'cancel',
    title: 'Cancel this deploy',
    explains:
      'It is stopped with everything it started. What was switched is put back: the old version serves again.',
    button: 'Cancel the deploy',
    needsText: false,
  },
  approve: {
    word: 'approve',
    title: 'Approve this deploy',
    explains: 'You say that it may go out. It counts for this artefact only.',
    button: 'Approve',
    needsText: false,
  },
  acknowledge: {
    word: 'acknowledge',
    title: 'Your commits go out with it',
    explains: 'You say that this is fine.',
    button: 'It is fine',
    needsText: false,
  },
  object: {
    word: 'object',
    title: 'Your commits go out with it',
    explains: 'You say that they must not, and why. It stays so until you say otherwise.',
    button: 'Object',
    needsText: true,
  },
  'roll back': {
    word: 'roll back',
    title: 'Go back',
    explains:
      'The last version that was verified good here is brought back, ahead of the queue. No migration is taken back.',
    button: 'Go back now',
    needsText: false,
  },
} as const satisfies Readonly<Record<string, Asking>>;

/** What can be done with a deploy as it stands. The server decides whether you may. */
export function DecideBar({ deploy }: { readonly deploy: Deploy }): ReactNode {
  const [asking, setAsking] = useState<Asking>();
  const refusal = useRefusal('act');
  const waits = deploy.state === 'waiting' || deploy.state === 'queued';
  const asksAuthors = waits && deploy.acknowledgements.length > 0;
  const button = (which: keyof typeof askings, text: string, look?: 'primary') => (
    <Button look={look ?? 'plain'} because={refusal} onClick={() => setAsking(askings[which])}>
      {text}
    </Button>
  );
  return (
    <>
      {deploy.waiting.some(({ rule }) => rule === 'approval') &&
        button('approve', 'Approve…', 'primary')}
      {asksAuthors && button('acknowledge', 'My commits are fine…')}
      {asksAuthors && button('object', 'Object…')}
      {!isOver(deploy) && button('cancel', 'Cancel…')}
      {isOver(deploy) && deploy.started !== null && button('roll back', 'Go back…')}
      {asking && <AskDialog asking={asking} deploy={deploy} onClose={() => setAsking(undefined)} />}
    </>
  );
}

function AskDialog(props: {
  readonly asking: Asking;
  readonly deploy: Deploy;
  readonly onClose: () => void;
}): ReactNode {
  const { asking, deploy, onClose } = props;
  const { app, environment, id, proof } = deploy;
  const [text, setText] = useState('');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const doing = useMutation({
    mutationFn: () =>
      asking.word === 'roll back'
        ? rollBack({ app, environment, ...(text !== '' && { reason: text }) })
        : say(id, asking.word, text),
    onSuccess: async (answer) => {
      await queries.invalidateQueries({ queryKey: ['deploys'] });
      if (answer.id !== id) await navigate({ to: '/deploys/$id', params: { id: answer.id } });
      onClose();
    },
  });
  const isMissing = asking.needsText && text.trim() === '';
  return (
    <Dialog title={asking.title} onClose={onClose}>
      <form
        className="flex flex-col gap-4 p-4"
        onSubmit={(e) => {
          e.preventDefault();
          if (!isMissing) doing.mutate();
        }}
      >
        <p className="text-soft">{asking.explains}</p>
        {asking.word === 'roll back' && <ProofLine proof={proof} />}
        <TextArea
          label={asking.needsText ? 'Why' : 'Why (may be left out)'}
          data-focus-first
          value={text}
          maxLength={500}
          onChange={setText}
        />
        {doing.error && <ErrorNotice error={doing.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button
            look="primary"
            type="submit"
            because={isMissing ? 'Say why' : doing.isPending ? 'It is on its way' : undefined}
          >
            {asking.button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Whether going back was rehearsed: what stands beside the button. */
export function ProofLine({ proof }: { readonly proof: Deploy['proof'] }): ReactNode {
  if (!proof) return <p className="text-warning">Going back was never rehearsed.</p>;
  const { good, environment, at, seconds, from, to, text } = proof;
  return (
    <p className={good ? 'text-ok' : 'text-critical'}>
      {good ? 'Going back is proven' : 'Going back failed when it was rehearsed'} in {environment}{' '}
      <AgeText at={at} />, {from} to {to}
      {good && `, ${formatDuration(seconds * 1000)}`}
      {text !== null && `: ${text}`}
    </p>
  );
}
