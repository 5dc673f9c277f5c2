import type { MapCheckAnswer, MapSource } from '../../../server/api/contract-map-source.ts';
import type { Flaw } from '../../kit/Editor.tsx';
import { counted } from '../../kit/format.ts';

export type Fault = MapSource['faults'][number];

/** Faults as flaws; those of what the text imports name their file. */
export const flawsIn = (
  faults: readonly Fault[],
  file: string,
): (Flaw & { readonly file?: string })[] =>
  faults.map(({ line, column, message, severity, file: of }) => ({
    line,
    column,
    message,
    isWarning: severity === 'warning',
    ...(of !== file && { file: of }),
  }));

/** How much a map declares. */
export const saysOf = ({ nodes, edges, processes }: Omit<MapCheckAnswer, 'faults'>): string =>
  [
    counted(nodes, 'node'),
    counted(edges, 'edge'),
    `${processes} ${processes === 1 ? 'process' : 'processes'}`,
  ].join(', ');
