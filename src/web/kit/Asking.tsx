import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import { useNow } from './clock.ts';
import { formatAge } from './format.ts';
import { ErrorNotice, Notice } from './Notice.tsx';

interface AskingProps {
  readonly of: {
    readonly isPending: boolean;
    readonly error: Error | null;
    readonly data: unknown;
    readonly dataUpdatedAt: number;
    readonly refetch: () => unknown;
  };
  /** Older than that is stale, ms; never when left out. */
  readonly staleAfterMs?: number;
}

/** How a question stands: on its way, refused, or answered so long ago that it must be said. */
export function Asking({ of, staleAfterMs = Infinity }: AskingProps): ReactNode {
  const now = useNow();
  const again = <Button onClick={() => void of.refetch()}>Try again</Button>;
  if (of.isPending)
    return (
      <output className="block p-5 text-soft">
        <span className="breathe">Asking…</span>
      </output>
    );
  if (of.data !== undefined && (of.error ?? now - of.dataUpdatedAt > staleAfterMs))
    return (
      <Notice look="warning" action={again}>
        <strong className="font-semibold">Stale.</strong> This is from{' '}
        {formatAge(of.dataUpdatedAt, now)}
        {of.error ? `: ${of.error.message}` : ': the server has not answered since.'}
      </Notice>
    );
  return of.error ? <ErrorNotice error={of.error} action={again} /> : null;
}
