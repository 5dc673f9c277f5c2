import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { Dialog } from '../kit/Dialog.tsx';
import { Field } from '../kit/Field.tsx';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { importMap } from './api.ts';

interface ImportButtonProps {
  /** Of the map whose rows are replaced; undefined: a new one, which is named here. */
  readonly name?: string;
}

/** Chooses a CSV and gives it to the server. */
export function ImportButton({ name }: ImportButtonProps): ReactNode {
  const because = useRefusal('act');
  const [isOpen, setOpen] = useState(false);
  const words = name === undefined ? 'Import a map…' : 'Import other rows…';
  return (
    <>
      <Button
        look={name === undefined ? 'primary' : 'plain'}
        because={because}
        onClick={() => setOpen(true)}
      >
        {words}
      </Button>
      {isOpen && <ImportDialog name={name} onClose={() => setOpen(false)} />}
    </>
  );
}

function ImportDialog(props: {
  readonly name: string | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { name, onClose } = props;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<File>();
  const [given, setGiven] = useState(name ?? '');
  const id = useId();
  const send = useMutation({
    mutationFn: (rows: File) => importMap(given, rows),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['redirects'] });
      onClose();
      if (name === undefined) await navigate({ to: '/redirects/$name', params: { name: given } });
    },
  });
  const choose = (file: File | undefined): void => {
    setChosen(file);
    if (given === '' && file)
      setGiven(file.name.replace(/\.csv$/i, '').replaceAll(/[^\w.-]/g, '-'));
  };
  const because = !chosen ? 'Choose a file first' : given === '' ? 'Give it a name' : undefined;
  return (
    <Dialog
      title={name === undefined ? 'Import a redirect map' : `Import ${name}`}
      onClose={onClose}
    >
      <form
        className="flex flex-col gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen && because === undefined) send.mutate(chosen);
        }}
      >
        <div className="flex flex-col gap-1">
          <label htmlFor={id} className="label">
            A CSV with the columns Old Url, New Url, Status
          </label>
          <input
            id={id}
            type="file"
            accept=".csv,text/csv"
            data-focus-first
            onChange={(event) => choose(event.target.files?.[0])}
            className="control h-auto! w-full py-1.5"
          />
        </div>
        {name === undefined && (
          <Field
            label="Name"
            value={given}
            onChange={setGiven}
            hint="Letters, digits, “.”, “_” and “-”. A map of this name is replaced."
          />
        )}
        {send.error && <ErrorNotice error={send.error} />}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="primary" because={because} aria-busy={send.isPending}>
            {send.isPending ? 'Reading…' : 'Import'}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
