import type { ReactNode } from 'react';
import { useConnection } from '../kit/connection.ts';
import { formatClock } from '../kit/format.ts';
import { useZone } from '../kit/preferences.ts';

/** Whether the server is heard: live, reconnecting, or stale since when. */
export function ConnectionMark(): ReactNode {
  const { state, heard } = useConnection();
  const zone = useZone();
  const [colour, shape, text] = {
    live: ['text-soft', <circle key="s" cx="6" cy="6" r="3.5" className="text-ok" />, 'Live'],
    reconnecting: ['text-warning', <path key="s" d="M6 1.5l5 9H1z" />, 'Reconnecting…'],
    stale: [
      'text-critical',
      <path key="s" d="M1.7 1.7h8.6v8.6H1.7z" />,
      `Stale since ${formatClock(heard, zone)}`,
    ],
  }[state] as [string, ReactNode, string];
  return (
    <output aria-label="Connection" className={`flex items-center gap-1.5 ${colour}`}>
      <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3" fill="currentColor">
        {shape}
      </svg>
      {text}
    </output>
  );
}
