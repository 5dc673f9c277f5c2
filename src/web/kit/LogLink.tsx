import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface LogLinkProps {
  readonly of: {
    readonly stream: 'facts' | 'readings';
    /** 0: it is no event. */
    readonly offset: number;
    /** ms since the epoch */
    readonly time: number;
  };
  readonly children: ReactNode;
}

/** Leads to the event on the log that says it, in the stream at its time; plain text where there is none. */
export function LogLink({ of, children }: LogLinkProps): ReactNode {
  const { stream, offset, time } = of;
  if (offset === 0) return children;
  return (
    <Link
      to="/stream"
      search={{
        stream,
        from: new Date(time - 1000).toISOString(),
        to: new Date(time + 1000).toISOString(),
        event: `${stream}-${offset}`,
      }}
      className="wrap-anywhere text-accent underline"
    >
      {children}
    </Link>
  );
}
