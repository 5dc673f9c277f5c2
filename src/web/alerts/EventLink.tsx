import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { quote } from '../where/quote.ts';

interface EventLinkProps {
  readonly source: string;
  readonly id: string;
  /** ms since the epoch */
  readonly time: number;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Leads to one event in the stream. */
export function EventLink(props: EventLinkProps): ReactNode {
  const { source, id, time, className = 'font-semibold text-accent underline', children } = props;
  return (
    <Link
      to="/stream"
      search={{
        where: `source = ${quote(source)} and id = ${quote(id)}`,
        from: new Date(time - 1000).toISOString(),
        to: new Date(time + 1000).toISOString(),
      }}
      className={`wrap-anywhere ${className}`}
    >
      {children}
    </Link>
  );
}
