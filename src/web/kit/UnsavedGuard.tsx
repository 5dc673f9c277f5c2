import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

/** Asks before a changed text is left behind: within the console, and by closing the tab. */
export function UnsavedGuard(props: {
  readonly isChanged: boolean;
  /** What it is a text of: `the map`. */
  readonly of: string;
}): ReactNode {
  const { isChanged, of } = props;
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  });
  if (status !== 'blocked') return null;
  return (
    <Dialog title="Leave without saving?" onClose={reset}>
      <div className="flex flex-col gap-3 p-4">
        <p>What you changed of {of} is not saved.</p>
        <div className="flex flex-wrap gap-2">
          <Button look="primary" onClick={reset} data-focus-first>
            Stay
          </Button>
          <Button onClick={proceed}>Leave, and lose it</Button>
        </div>
      </div>
    </Dialog>
  );
}
