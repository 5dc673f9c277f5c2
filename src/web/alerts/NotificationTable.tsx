import type { ReactNode } from 'react';
import { StateMark } from '../kit/StateMark.tsx';
import { type Column, Table } from '../kit/Table.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import type { Notification } from '../../server/api/contract-alerts.ts';

const marks = {
  queued: 'warning',
  sent: 'ok',
  failed: 'critical',
  suppressed: 'suppressed',
} as const;

/** Why nobody was told, in words; others are said as they came. */
const reasons: Readonly<Record<string, string>> = {
  silenced: 'a silence matched',
  inhibited: 'another open alert explains it',
  flapping: 'it was told once that it flaps',
  'rate-limited': 'the receiver had too many; a digest follows',
  'queue-full': 'too many waited to be sent',
};

const columns: readonly Column<Notification>[] = [
  { head: 'When', cell: (n) => <TimeText at={n.done ?? n.queued} /> },
  {
    head: 'State',
    cell: (n) => <StateMark state={marks[n.state]} word={n.state} />,
  },
  {
    head: 'To',
    cell: (n) => <span className="wrap-anywhere">{n.to === '' ? 'nobody' : n.to}</span>,
  },
  {
    head: 'What',
    cell: (n) => (
      <>
        <span className="wrap-anywhere">{n.title}</span>
        {n.trouble !== undefined && (
          <span className="block text-warning">It still waits: {n.trouble}</span>
        )}
        {n.why !== undefined && (
          <span className="block text-soft">Why: {reasons[n.why] ?? n.why}</span>
        )}
      </>
    ),
  },
];

/** What was sent, what was not, and why. */
export function NotificationTable(props: {
  readonly rows: readonly Notification[];
  readonly none: string;
}): ReactNode {
  return (
    <Table
      label="Notifications"
      columns={columns}
      rows={props.rows}
      keyOf={(n) => n.id}
      none={props.none}
    />
  );
}
