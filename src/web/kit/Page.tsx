import { type ReactNode, useEffect } from 'react';

interface PageProps {
  readonly title: string;
  /** Beside the title: the page's state in a few words. */
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its title in the tab and on top, what can be done with it, and the rest below. */
export function Page({ title, status, actions, children }: PageProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Territory`;
  }, [title]);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2 sm:px-5">
        <h1 className="text-title font-semibold tracking-tight">{title}</h1>
        <div className="flex min-w-0 grow flex-wrap items-center gap-x-4 gap-y-1 text-soft">
          {status}
        </div>
        <div className="flex flex-wrap items-center gap-2">{actions}</div>
      </header>
      {children}
    </div>
  );
}
