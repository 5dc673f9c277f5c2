import type { ReactNode } from 'react';
import { CopyButton } from '../kit/CopyButton.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';

/** No release is on the server yet: how one comes here. */
export function NothingBuilt({ app }: { readonly app?: string }): ReactNode {
  const command = `export TERRITORY_URL=${location.origin}
git tag release_1
territory release build . --tag release_1 --push`;
  return (
    <EmptyState
      title={app === undefined ? 'No release is here yet' : `No release of ${app} is here yet`}
      actions={
        <a href="/docs/api" className="font-semibold text-accent underline">
          The API
        </a>
      }
    >
      <p>
        A release is code, database changes and configuration of one commit, as one artefact that
        never changes. In a repository with a <code className="font-mono">territory.yaml</code> (
        <code className="font-mono">app: {app ?? 'shop'}</code> is enough to begin with):
      </p>
      <div className="flex flex-col items-end gap-1">
        <Scrollable
          label="Commands that build and send a release"
          className="w-full overflow-x-auto rounded-normal border border-line bg-sunken p-3 font-mono text-small text-ink"
        >
          <pre>{command}</pre>
        </Scrollable>
        <CopyButton text={command} what="commands" />
      </div>
      <p>
        It needs a token of a member in <code className="font-mono">TERRITORY_TOKEN</code>. Then its
        files, migrations, configuration keys and dependencies can be looked into here, and any two
        versions compared.
      </p>
    </EmptyState>
  );
}
