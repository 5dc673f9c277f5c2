import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { Dialog } from '../kit/Dialog.tsx';
import { ErrorNotice } from '../kit/Notice.tsx';
import { saveFeature } from './api.ts';

interface TakeAwayProps {
  readonly of: { readonly file: string; readonly revision: number };
  readonly because: string | undefined;
}

/** Takes a feature away that is kept here, once asked again. */
export function TakeAway({ of: { file, revision }, because }: TakeAwayProps): ReactNode {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const take = useMutation({
    mutationFn: () => saveFeature(file, '', revision),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['checks'] });
      await navigate({ to: '/checks/features' });
    },
  });
  return (
    <>
      <Button because={because} onClick={() => setOpen(true)}>
        Take it away…
      </Button>
      {isOpen && (
        <Dialog title="Take the feature away?" onClose={() => setOpen(false)}>
          <div className="flex flex-col gap-3 p-4">
            <p>
              The checks of <code className="font-mono wrap-anywhere">{file}</code> are run no more,
              and their open alerts end. What they said stays on the stream.
            </p>
            {take.error && <ErrorNotice error={take.error} />}
            <div className="flex flex-wrap gap-2">
              <Button look="primary" onClick={() => setOpen(false)} data-focus-first>
                Keep it
              </Button>
              <Button aria-busy={take.isPending} onClick={() => take.mutate()}>
                Take it away
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}
