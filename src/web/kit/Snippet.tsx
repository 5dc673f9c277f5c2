import type { ReactNode } from 'react';
import { CopyButton } from './CopyButton.tsx';
import { Scrollable } from './Scrollable.tsx';

/** A text to be copied: a file to begin with, a command, a path. */
export function Snippet(props: {
  readonly text: string;
  readonly label: string;
  readonly what: string;
}): ReactNode {
  return (
    <div className="flex flex-col items-end gap-1">
      <Scrollable
        label={props.label}
        className="w-full overflow-x-auto rounded-normal border border-line bg-sunken p-3 font-mono text-small text-ink"
      >
        <pre>{props.text}</pre>
      </Scrollable>
      <CopyButton text={props.text} what={props.what} />
    </div>
  );
}
