import { type ReactNode, useState } from 'react';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { Field } from './Field.tsx';
import { formatTime, zoneName } from './format.ts';
import { useZone } from './preferences.ts';

interface RangeDialogProps {
  /** What is in force, ms since the epoch. */
  readonly range: { readonly from: number; readonly to: number };
  readonly onClose: () => void;
  readonly onChoose: (from: number, to: number) => void;
}

/** From when to when, in the chosen zone. */
export function RangeDialog({ range, onClose, onChoose }: RangeDialogProps): ReactNode {
  const zone = useZone();
  const write = (at: number): string => formatTime(at, zone).replace(' ', 'T');
  const [from, setFrom] = useState(() => write(range.from));
  const [to, setTo] = useState(() => write(range.to));
  const read = (text: string): number => Date.parse(zone === 'utc' ? `${text}Z` : text);
  const isWrong = !(read(from) < read(to));
  return (
    <Dialog title="Range" onClose={onClose}>
      <form
        className="flex flex-col gap-3 p-4"
        onSubmit={(e) => {
          e.preventDefault();
          if (!isWrong) onChoose(read(from), read(to));
        }}
      >
        <Field
          label={`From, ${zoneName(zone)}`}
          type="datetime-local"
          step={1}
          required
          value={from}
          onChange={setFrom}
        />
        <Field
          label={`To, ${zoneName(zone)}`}
          type="datetime-local"
          step={1}
          required
          value={to}
          onChange={setTo}
          error={isWrong ? 'The end must be after the beginning' : undefined}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit">
            Show
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
