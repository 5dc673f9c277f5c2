import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Snippet } from '../kit/Snippet.tsx';
import { firstFeature } from './first-feature.ts';

/** No check yet: what one is, a few lines to begin with, and where they go. */
export function NoChecks(): ReactNode {
  return (
    <EmptyState
      title="Nothing is checked yet"
      actions={
        <Link
          to="/checks/feature"
          search={{ file: 'shop.feature' }}
          className="font-semibold text-accent underline"
        >
          Write the first one here
        </Link>
      }
    >
      <p>
        A check is a scenario in plain words. The same words gate a release, watch production, and
        answer Nagios. This one is run every minute, and a ticket is made when it fails three times
        in a row.
      </p>
      <Snippet text={firstFeature} label="A first feature" what="feature" />
      <p>
        Features live in a folder, from git, or are written here. Where they are run against stands
        in <code className="font-mono">checks.yaml</code> beside them:
      </p>
      <Snippet text={firstSettings} label="A first checks.yaml" what="settings" />
    </EmptyState>
  );
}

const firstSettings = `environments:
  production:
    base: https://shop.example.org
`;
