import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '../../kit/Button.tsx';
import { EmptyState } from '../../kit/EmptyState.tsx';
import { ErrorNotice } from '../../kit/Notice.tsx';
import { askDraft } from './api.ts';
import { firstMap } from './first-map.ts';

interface NoTextProps {
  readonly file: string;
  /** Why it may not be written here. */
  readonly because: string | undefined;
  readonly onStart: (text: string) => void;
}

/** There is no map yet: start from what was seen, or from a small one. */
export function NoText({ file, because, onStart }: NoTextProps): ReactNode {
  const draft = useMutation({
    mutationFn: askDraft,
    onSuccess: ({ text, nodes }) => {
      if (nodes > 0) onStart(text);
    },
  });
  return (
    <EmptyState
      title="There is no map yet"
      actions={
        <>
          <Button look="primary" because={because} onClick={() => draft.mutate()}>
            {draft.isPending ? 'Drafting…' : 'Draft it from what was seen'}
          </Button>
          <Button because={because} onClick={() => onStart(firstMap)}>
            Start with a small one
          </Button>
        </>
      }
    >
      <p>
        The map is a text, <code className="font-mono">{file}</code>, kept in git or written here.
        Nothing is saved before you say so.
      </p>
      <p>
        A draft has a node for everybody who sent events, and an edge for every call that spans told
        of; you put names, needs and processes right.
      </p>
      {because !== undefined && <p>{because}.</p>}
      {draft.data?.nodes === 0 && (
        <output className="block text-ink">
          No event has come yet from which a node could be drawn. Add a source first, or start with
          a small map.
        </output>
      )}
      {draft.error && <ErrorNotice error={draft.error} />}
    </EmptyState>
  );
}
