import type { ReactNode } from 'react';
import { Button } from '../kit/Button.tsx';
import { CopyButton } from '../kit/CopyButton.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';

/** The log is empty: how to send the first event. */
export function NothingYet(): ReactNode {
  const command = `curl -sS ${location.origin}/api/v1/events \\
  -H "Authorization: Bearer $TERRITORY_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"type":"metric","service":"shop","name":"orders","metric":1}'`;
  return (
    <EmptyState title="Nothing yet">
      <p>
        This page shows every event the moment it is in the log. The token is in{' '}
        <code className="font-mono">admin.token</code> in the data directory. Send one:
      </p>
      <div className="flex flex-col items-end gap-1">
        <Scrollable
          label="Command that sends an event"
          className="w-full overflow-x-auto rounded-normal border border-line bg-sunken p-3 font-mono text-small text-ink"
        >
          <pre>{command}</pre>
        </Scrollable>
        <CopyButton text={command} what="command" />
      </div>
    </EmptyState>
  );
}

/** Events there may be, but none that this filter lets through. */
export function FilteredEmpty(props: {
  readonly where: string;
  readonly onClear: () => void;
}): ReactNode {
  return (
    <EmptyState
      title="Nothing matches in the last hour"
      actions={<Button onClick={props.onClear}>Clear the filter</Button>}
    >
      <p>New events that match appear here the moment they arrive. The filter is</p>
      <p className="font-mono text-small wrap-anywhere text-ink">{props.where}</p>
    </EmptyState>
  );
}
