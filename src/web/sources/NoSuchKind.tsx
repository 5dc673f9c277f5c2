import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState } from '../kit/EmptyState.tsx';
import { SourcesFrame } from './SourcesFrame.tsx';

/** An address that names no kind of source. */
export function NoSuchKind(): ReactNode {
  return (
    <SourcesFrame title="Add a source">
      <EmptyState title="There is no such kind of source">
        <p>
          <Link to="/sources/add" className="text-accent underline">
            All kinds
          </Link>
        </p>
      </EmptyState>
    </SourcesFrame>
  );
}
