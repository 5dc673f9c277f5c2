import type { ReactNode } from 'react';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Snippet } from '../kit/Snippet.tsx';

/** This server watches no demo: says what it is, and how one is started. */
export function NoDemo(): ReactNode {
  return (
    <EmptyState title="No demo lives here">
      <p>
        The Newsroom is a small company that really ships: its processes, git repositories, builds,
        deploys, databases and visitors run on one machine, and Territory watches them. It has a
        server of its own, beside this one:
      </p>
      <Snippet text="territory demo" label="How it is started" what="command" />
      <p>One that was started a moment ago shows itself here within seconds.</p>
    </EmptyState>
  );
}
