import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly {
    readonly to:
      | '/map'
      | '/map/table'
      | '/map/problems'
      | '/map/times'
      | '/map/processes'
      | '/map/source'
      | '/releases'
      | '/deploys'
      | '/deploys/calendar'
      | '/artefacts'
      | '/alerts'
      | '/alerts/history'
      | '/alerts/silences'
      | '/alerts/notifications'
      | '/rules'
      | '/rules/backtest'
      | '/rules/library'
      | '/checks'
      | '/checks/features'
      | '/checks/steps'
      | '/checks/flakes'
      | '/checks/budgets'
      | '/redirects'
      | '/sources'
      | '/sources/intakes'
      | '/sources/webhooks'
      | '/sources/add';
    readonly text: string;
    /** A number beside the text, where there is one. */
    readonly count?: number | undefined;
  }[];
}

/** The pages of one place. High enough for a thumb on narrow screens. */
export function Tabs({ label, tabs }: TabsProps): ReactNode {
  return (
    <nav
      aria-label={label}
      className="flex shrink-0 overflow-x-auto border-b border-line px-1 sm:px-3"
    >
      {tabs.map(({ to, text, count }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          className="flex h-11 items-center gap-1.5 border-b-2 border-transparent px-2 whitespace-nowrap text-soft hover:text-ink sm:h-9"
          activeProps={{ className: 'border-accent! text-ink! font-semibold' }}
        >
          {text}
          {count !== undefined && count > 0 && (
            <span className="rounded-full bg-sunken px-1.5 text-small font-normal text-soft">
              {count}
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
