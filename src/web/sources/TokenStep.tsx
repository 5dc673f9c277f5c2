import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { CopyButton } from '../kit/CopyButton.tsx';
import { Field } from '../kit/Field.tsx';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { sourcesApi } from './api.ts';
import type { Kind } from './kinds.ts';

/** A token that was made here; its secret lives in this page only. */
export interface IssuedSecret {
  readonly name: string;
  readonly secret: string;
}

interface TokenStepProps {
  readonly kind: Kind;
  readonly issued: IssuedSecret | undefined;
  readonly onIssued: (issued: IssuedSecret) => void;
}

/** Makes a token that may send and nothing else, and shows its secret this once. */
export function TokenStep({ kind, issued, onIssued }: TokenStepProps): ReactNode {
  const because = useRefusal('administer');
  const [name, setName] = useState<string>(kind.id);
  const issue = useMutation({
    mutationFn: () => sourcesApi.issueToken(name.trim()),
    onSuccess: ({ token, secret }) => onIssued({ name: token.name, secret }),
  });
  if (issued !== undefined)
    return (
      <Notice look="plain" action={<CopyButton text={issued.secret} what="token" />}>
        The token <strong className="font-semibold">{issued.name}</strong> may send events and
        nothing else. Its secret stands in the lines below, and is shown this once:{' '}
        <code className="font-mono text-small wrap-anywhere">{issued.secret}</code>
      </Notice>
    );
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(e) => {
        e.preventDefault();
        issue.mutate();
      }}
    >
      <Field
        label="Name, by which it is known here"
        required
        maxLength={100}
        value={name}
        onChange={setName}
        className="w-72 max-w-full"
      />
      <Button isBig look="primary" type="submit" because={because} aria-busy={issue.isPending}>
        {issue.isPending ? 'One moment…' : 'Make a token'}
      </Button>
      <p className="w-full max-w-[75ch] text-small text-faint">
        {because === undefined
          ? 'It may send events, and nothing else. One for each sender: so each can be told from the others, and taken back.'
          : `${because}. Ask one for a token that may send, and put it where the lines say TOKEN.`}
      </p>
      {issue.error && (
        <div className="w-full">
          <ErrorNotice error={issue.error} />
        </div>
      )}
    </form>
  );
}
