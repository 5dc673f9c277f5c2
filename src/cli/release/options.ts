import { join } from 'node:path';
import type { Command } from 'commander';
import { defaultData } from '../defaults.ts';

/** Where artefacts are when nothing else is said. */
export const defaultStore = join(defaultData, 'artefacts');

/** Of the commands that read artefacts. */
export interface StoreOptions {
  readonly from: string;
  readonly json?: boolean;
}

/** Adds --from and --json. */
export function addStoreOptions(command: Command): Command {
  return command
    .option('--from <DIR>', 'folder of the artefacts', `./${defaultStore}`)
    .option('--json', 'print it as one JSON document');
}
