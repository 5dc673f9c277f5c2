import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import type { Flaw } from './Editor.tsx';
import { StateMark } from './StateMark.tsx';

interface FlawListProps {
  /** A flaw with a `file` stands in another text than the one that is shown, and is not gone to. */
  readonly flaws: readonly (Flaw & { readonly file?: string | undefined })[];
  /** What the text has, said when nothing is wrong with it. */
  readonly says: string | undefined;
  readonly onGoTo: (flaw: Flaw) => void;
}

/** What is wrong with a text; pressing one goes there. Says what it has when nothing is. */
export function FlawList({ flaws, says, onGoTo }: FlawListProps): ReactNode {
  return (
    <div aria-live="polite">
      {flaws.length === 0 ? (
        <p className="flex flex-wrap items-center gap-x-2 py-1.5">
          <StateMark state="ok" word="no fault" />
          <span className="text-soft">{says}</span>
        </p>
      ) : (
        <ul aria-label="Faults" className="flex max-h-40 flex-col overflow-y-auto py-1">
          {flaws.map((flaw) => (
            <li
              key={`${flaw.file} ${flaw.line} ${flaw.column} ${flaw.message}`}
              className="flex flex-wrap items-baseline gap-x-2"
            >
              <StateMark
                state={flaw.isWarning ? 'warning' : 'critical'}
                word={flaw.isWarning ? 'warning' : 'error'}
              />
              {flaw.file === undefined ? (
                <Button
                  look="quiet"
                  className="h-7! px-1! font-mono text-small! text-accent! underline"
                  onClick={() => onGoTo(flaw)}
                >
                  {flaw.line}:{flaw.column}
                </Button>
              ) : (
                <span className="font-mono text-small">
                  {flaw.file}:{flaw.line}:{flaw.column}
                </span>
              )}
              <span className="min-w-0 wrap-anywhere">{flaw.message}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
