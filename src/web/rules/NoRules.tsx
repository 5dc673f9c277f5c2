import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Snippet } from '../kit/Snippet.tsx';
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
      <Snippet text={firstRule} label="A first rule" what="rule" />
      <p>Save it as a file here, and it runs within a second:</p>
      <Snippet text={`${directory}/disks.ts`} label="Where to save it" what="path" />
      <p>Before that, or in a pipeline, check it without running it:</p>
      <Snippet
        text={`territory rules check ${directory}/disks.ts`}
        label="How to check it"
        what="command"
      />
    </EmptyState>
  );
}
