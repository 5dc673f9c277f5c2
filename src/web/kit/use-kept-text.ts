import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from './api.ts';

interface KeptText<Was, Answer> {
  /** As it is saved, with what tells that version from others; undefined while it is on its way. */
  readonly saved: { readonly text: string; readonly was: Was } | undefined;
  /** Saves a text that was made of that version. Throws ApiError: 409 when another was saved since. */
  readonly save: (text: string, was: Was) => Promise<Answer>;
  readonly onSaved: (answer: Answer) => Promise<void>;
  /** Somebody else saved in between: brings what is saved up to date, so that both can be shown. */
  readonly onConflict: () => Promise<void>;
}

/** A text as it is saved, and as somebody writes it on this page: nobody's change gets lost. */
export function useKeptText<Was, Answer>(of: KeptText<Was, Answer>) {
  const { saved, save, onSaved, onConflict } = of;
  const [mine, setMine] = useState<{ readonly text: string; readonly was: Was | undefined }>();
  const saving = useMutation({
    mutationFn: ({ text, was }: { readonly text: string; readonly was: Was }) => save(text, was),
    onSuccess: async (answer) => {
      await onSaved(answer);
      setMine(undefined);
    },
    onError: async (error) => {
      if (isConflict(error)) await onConflict();
    },
  });
  const isChanged = mine !== undefined && mine.text !== saved?.text;
  return {
    text: mine?.text ?? saved?.text ?? '',
    isChanged,
    /** The saved text is another than the one that was changed here. */
    isBehind: isChanged && mine.was !== saved?.was,
    save: saving,
    isConflict: isConflict(saving.error),
    change: (text: string) =>
      setMine((now) => ({ text, was: now === undefined ? saved?.was : now.was })),
    /** Drops what was written here. */
    drop: () => {
      setMine(undefined);
      saving.reset();
    },
    /** Saves what was written over what it was made of, or over what is there now. */
    store: (over: 'what-i-read' | 'what-is-there' = 'what-i-read') => {
      const was = over === 'what-is-there' ? saved?.was : mine?.was;
      if (mine === undefined || was === undefined || saving.isPending) return;
      saving.mutate({ text: mine.text, was });
    },
  };
}

const isConflict = (error: unknown): boolean => error instanceof ApiError && error.status === 409;
