import type { ReactNode } from 'react';

/** Before the first step: what it is about, and how one moves. */
export function Welcome({ count }: { readonly count: number }): ReactNode {
  return (
    <div className="min-w-0">
      <h2 tabIndex={-1} className="text-lead font-semibold focus:outline-none">
        Welcome to the Newsroom
      </h2>
      <p className="max-w-[80ch] text-soft">
        A small company that really ships, on this machine: feeds, encoders, a web site with
        visitors, and developers whose releases are not all good. {count} steps show where you see
        what. Arrow keys move, Esc leaves.
      </p>
    </div>
  );
}
