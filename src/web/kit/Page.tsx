import { type ReactNode, useEffect } from 'react';
import { setTitle } from './title.ts';

interface PageProps {
  readonly title: string;
  /** Beside the title: the page's state in a few words. */
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  /** Over the title: the way back up. */
  readonly above?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its title in the tab and on top, what can be done with it, and the rest below. */
export function Page({ title, status, actions, above, children }: PageProps): ReactNode {
  useEffect(() => setTitle(title), [title]);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2 sm:px-5">
        {above && <div className="-mb-1 w-full text-small">{above}</div>}
        <h1 className="text-title font-semibold tracking-tight wrap-anywhere">{title}</h1>
        <div className="flex min-w-0 grow flex-wrap items-center gap-x-4 gap-y-1 text-soft">
          {status}
        </div>
        <div className="flex flex-wrap items-center gap-2">{actions}</div>
      </header>
      {children}
    </div>
  );
}
