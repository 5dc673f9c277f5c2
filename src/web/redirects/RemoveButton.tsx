import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { Dialog } from '../kit/Dialog.tsx';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { removeMap } from './api.ts';

/** Removes a map, once asked again. */
export function RemoveButton({ name }: { readonly name: string }): ReactNode {
  const because = useRefusal('act');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const remove = useMutation({
    mutationFn: () => removeMap(name),
    onSuccess: async () => {
      await navigate({ to: '/redirects' });
      await queries.invalidateQueries({ queryKey: ['redirects'] });
    },
  });
  return (
    <>
      <Button because={because} onClick={() => setOpen(true)}>
        Remove…
      </Button>
      {isOpen && (
        <Dialog title="Remove the map?" onClose={() => setOpen(false)}>
          <div className="flex flex-col gap-3 p-4">
            <p>
              The rows of <code className="font-mono wrap-anywhere">{name}</code> leave this server.
              Nothing changes where it is served. That it was here stays on the stream.
            </p>
            {remove.error && <ErrorNotice error={remove.error} />}
            <div className="flex flex-wrap gap-2">
              <Button look="primary" onClick={() => setOpen(false)} data-focus-first>
                Keep it
              </Button>
              <Button aria-busy={remove.isPending} onClick={() => remove.mutate()}>
                Remove it
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}
