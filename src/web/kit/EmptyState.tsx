import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** Where there is nothing to show: says why, and what would make it something. */
export function EmptyState({ title, children, actions }: EmptyStateProps): ReactNode {
  return (
    <div className="mx-auto flex w-full max-w-2xl flex-col items-start gap-3 px-4 py-12 sm:px-8">
      <svg
        aria-hidden="true"
        viewBox="0 0 96 32"
        className="h-8 w-24 text-line-strong"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
      >
        <path d="M2 22c12-14 20-3 32-9s14-13 30-9 20 8 30 3" />
        <path d="M2 29c16-12 24-2 36-7s14-10 26-7 20 9 30 4" strokeDasharray="3 4" />
      </svg>
      <h2 className="text-title font-semibold">{title}</h2>
      {children && <div className="flex w-full flex-col gap-3 text-soft">{children}</div>}
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
