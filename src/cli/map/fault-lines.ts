import type { MapFault } from '../../rooms/map/model.ts';
import type { Terminal } from '../terminal.ts';
import { plural, printable } from '../words.ts';

/** `FILE:LINE:COLUMN: message`; of what is only a warning, that it is one. */
export function faultLine({ file, line, column, message, severity }: MapFault): string {
  const word = severity === 'warning' ? 'warning: ' : '';
  return `${file}:${line}:${column}: ${word}${printable(message)}`;
}

export async function printFaults(faults: readonly MapFault[], terminal: Terminal): Promise<void> {
  for (const fault of faults)
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await terminal.print(`${faultLine(fault)}\n`);
}

/** `1 error, 2 warnings` */
export function countFaults(faults: readonly MapFault[]): string {
  const errors = faults.filter(({ severity }) => severity === 'error').length;
  return `${plural(errors, 'error')}, ${plural(faults.length - errors, 'warning')}`;
}
