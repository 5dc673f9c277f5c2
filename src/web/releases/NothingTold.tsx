import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyButton } from '../kit/CopyButton.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';

/** Nobody told of a deploy yet: how to. */
export function NothingTold(): ReactNode {
  const command = `export TERRITORY_URL=${location.origin}
territory deploy finished shop 1.4.2 --to production`;
  return (
    <EmptyState
      title="Nobody has told of a deploy yet"
      actions={
        <>
          <Link to="/sources/add" className="font-semibold text-accent underline">
            Add the webhook of GitHub, GitLab or another
          </Link>
        </>
      }
    >
      <p>
        What runs where stands here as soon as deploys are told of. Your pipeline does it with one
        line behind its last step, and a token in <code className="font-mono">TERRITORY_TOKEN</code>
        :
      </p>
      <div className="flex flex-col items-end gap-1">
        <Scrollable
          label="Command that reports a deploy"
          className="w-full overflow-x-auto rounded-normal border border-line bg-sunken p-3 font-mono text-small text-ink"
        >
          <pre>{command}</pre>
        </Scrollable>
        <CopyButton text={command} what="command" />
      </div>
      <p>
        Deployments of GitHub, GitLab, Gitea and others come by their webhooks, without a line in
        the pipeline. Instances whose telemetry carries{' '}
        <code className="font-mono">service.version</code> and{' '}
        <code className="font-mono">deployment.environment.name</code> bear out what is told, or
        contradict it.
      </p>
    </EmptyState>
  );
}
