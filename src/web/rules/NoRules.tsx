import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyButton } from '../kit/CopyButton.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { firstRule } from './first-rule.ts';

/** No rule yet: what one is, ten lines to begin with, and where to put them. */
export function NoRules({ directory }: { readonly directory: string }): ReactNode {
  return (
    <EmptyState
      title="No rule runs yet"
      actions={
        <>
          <Link
            to="/rules/backtest"
            search={{ text: 'new' }}
            className="font-semibold text-accent underline"
          >
            Try it on the past first
          </Link>
          <Link to="/rules/library" className="font-semibold text-accent underline">
            Choose a ready rule
          </Link>
        </>
      }
    >
      <p>
        A rule is a few lines of TypeScript: which events, by what, what is made of them, and what
        is decided. This one opens an alert when a disk is nearly full and closes it when there is
        room again.
      </p>
      <Code text={firstRule} label="A first rule" what="rule" />
      <p>Save it as a file here, and it runs within a second:</p>
      <Code text={`${directory}/disks.ts`} label="Where to save it" what="path" />
      <p>Before that, or in a pipeline, check it without running it:</p>
      <Code
        text={`territory rules check ${directory}/disks.ts`}
        label="How to check it"
        what="command"
      />
    </EmptyState>
  );
}

function Code(props: {
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
