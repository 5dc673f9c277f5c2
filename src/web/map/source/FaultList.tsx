import type { ReactNode } from 'react';
import type { MapCheckAnswer, MapSource } from '../../../server/api/contract-map-source.ts';
import { Button } from '../../kit/Button.tsx';
import type { Flaw } from '../../kit/Editor.tsx';
import { counted } from '../../kit/format.ts';
import { StateMark } from '../../kit/StateMark.tsx';

export type Fault = MapSource['faults'][number];

/** Faults of the text itself, as the editor marks them; those of what it imports stand elsewhere. */
export const flawsOf = (faults: readonly Fault[], file: string): Flaw[] =>
  faults
    .filter((fault) => fault.file === file)
    .map(({ line, column, message, severity }) => ({
      line,
      column,
      message,
      isWarning: severity === 'warning',
    }));

interface FaultListProps {
  readonly faults: readonly Fault[];
  /** How much the text declares, once it was looked at. */
  readonly declares: Omit<MapCheckAnswer, 'faults'> | undefined;
  readonly file: string;
  readonly onGoTo: (flaw: Flaw) => void;
}

/** What is wrong with the text; pressing one goes there. Says what it declares when nothing is. */
export function FaultList({ faults, declares, file, onGoTo }: FaultListProps): ReactNode {
  return (
    <div aria-live="polite">
      {faults.length === 0 ? (
        <p className="flex flex-wrap items-center gap-x-2 py-1.5">
          <StateMark state="ok" word="no fault" />
          <span className="text-soft">{declares && saysOf(declares)}</span>
        </p>
      ) : (
        <ul aria-label="Faults" className="flex max-h-40 flex-col overflow-y-auto py-1">
          {faults.map((fault) => (
            <li
              key={`${fault.file} ${fault.line} ${fault.column} ${fault.message}`}
              className="flex flex-wrap items-baseline gap-x-2"
            >
              <StateMark
                state={fault.severity === 'error' ? 'critical' : 'warning'}
                word={fault.severity}
              />
              {fault.file === file ? (
                <Button
                  look="quiet"
                  className="h-7! px-1! font-mono text-small! text-accent! underline"
                  onClick={() => onGoTo(fault)}
                >
                  {fault.line}:{fault.column}
                </Button>
              ) : (
                <span className="font-mono text-small">
                  {fault.file}:{fault.line}:{fault.column}
                </span>
              )}
              <span className="min-w-0 wrap-anywhere">{fault.message}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const saysOf = ({ nodes, edges, processes }: Omit<MapCheckAnswer, 'faults'>): string =>
  [
    counted(nodes, 'node'),
    counted(edges, 'edge'),
    `${processes} ${processes === 1 ? 'process' : 'processes'}`,
  ].join(', ');
