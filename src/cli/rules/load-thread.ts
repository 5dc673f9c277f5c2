import { parentPort, workerData } from 'node:worker_threads';
import { CodedError } from '../../errors/coded-error.ts';
import type { LoadableFile } from '../../server/rules/backtest/messages.ts';
import type { FileProblem } from '../../server/rules/loading/compile.ts';
import { type LoadedRule, loadRuleFile } from '../../server/rules/loading/load.ts';

/** What came of loading one file. */
export interface Loaded {
  readonly file: string;
  readonly rules: readonly { readonly name: string; readonly line: number }[];
  readonly problem?: FileProblem;
}

async function load({ file, module }: LoadableFile): Promise<Loaded> {
  try {
    const rules: readonly LoadedRule[] = await loadRuleFile(module, file);
    return { file, rules: rules.map(({ name, line }) => ({ name, line })) };
  } catch (error) {
    const at = error instanceof CodedError ? error.details : {};
    const message = error instanceof Error ? error.message : String(error);
    const { line = 1, column = 1 } = at;
    return { file, rules: [], problem: { file: at.file ?? file, line, column, message } };
  }
}

if (parentPort) {
  for (const file of workerData as readonly LoadableFile[])
    // oxlint-disable-next-line no-await-in-loop -- one at a time: rules are collected by file
    parentPort.postMessage(await load(file));
  parentPort.close();
}
