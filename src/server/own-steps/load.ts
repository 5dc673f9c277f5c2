import { existsSync, realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Finding } from '../../checks/language/feature.ts';
import { definitionOf, faultOf } from '../../checks/own/definition.ts';
import type { OwnStep } from '../../checks/own/own-step.ts';
import { declaring } from '../../checks/own/taking.ts';
import type { Step } from '../../checks/steps/step.ts';
import { compileRules } from '../rules/loading/compile.ts';
import { outDirOf } from '../rules/loading/load.ts';
import { describeWithPlace, placeInStack } from '../rules/loading/stack-place.ts';

/** Steps that files declare, and what is wrong with the files. */
export interface OwnSteps {
  /** Empty where there is a finding: half of the steps would make features wrong. */
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
}

/** ms that a file may take to be loaded. */
const mostTime = 5000;

/**
 * Compiles the files of steps of a folder, `*.ts`, and takes what they declare. Each call loads them
 * anew. A folder that is not there has none. Throws TERR_RULES_COMPILER.
 * @param outDir where what is compiled is kept
 */
export async function loadOwnSteps(
  directory: string,
  outDir: string,
  signal?: AbortSignal,
): Promise<OwnSteps> {
  if (!existsSync(directory)) return { steps: [], findings: [] };
  const what = { directory, outDir };
  const compiled = await compileRules(signal ? { ...what, signal } : what);
  const steps: Step[] = [];
  const findings: Finding[] = compiled.flatMap(({ problems }) => problems);
  if (findings.length > 0) return { steps: [], findings: onceEach(findings) };
  for (const { file, module = '' } of compiled) {
    // oxlint-disable-next-line no-await-in-loop -- what is declared meanwhile belongs to one file
    const loaded = await loadFile(file, module);
    steps.push(...loaded.steps);
    findings.push(...loaded.findings);
  }
  findings.push(...twice(steps, directory));
  return findings.length > 0 ? { steps: [], findings } : { steps, findings };
}

async function loadFile(file: string, module: string): Promise<OwnSteps> {
  const source = realpathSync(resolve(file));
  const outDir = outDirOf(module, source);
  const at = (stack: string): Pick<Finding, 'file' | 'line' | 'column'> => {
    const place = placeInStack(stack, outDir);
    if (!place) return { file, line: 1, column: 1 };
    return { ...place, file: place.file === source ? file : place.file };
  };
  const steps: Step[] = [];
  const findings: Finding[] = [];
  const group = `Own steps: ${basename(file)}`;
  const take = (own: OwnStep): void => {
    const fault = faultOf(own);
    if (fault !== undefined)
      findings.push({ ...at(new Error('here').stack ?? ''), message: fault });
    else steps.push(definitionOf(own, group, (error) => describeWithPlace(error, [outDir])));
  };
  try {
    await declaring(async () => inTime(import(module)), take);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    findings.push({ ...at(error instanceof Error ? (error.stack ?? '') : ''), message });
  }
  return { steps, findings };
}

async function inTime(loading: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const words = `it was not loaded within ${mostTime / 1000} s`;
    timer = setTimeout(() => reject(new Error(words)), mostTime);
  });
  await Promise.race([loading, late]).finally(() => clearTimeout(timer));
}

function twice(steps: readonly Step[], file: string): readonly Finding[] {
  const known = new Set<string>();
  return steps.flatMap(({ expression }) => {
    const isKnown = known.has(expression);
    known.add(expression);
    const message = `the step "${expression}" is declared twice`;
    return isKnown ? [{ file, line: 1, column: 1, message }] : [];
  });
}

/** What is wrong with a file that others import is found for each of them. */
const onceEach = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((one) => [JSON.stringify(one), one])).values(),
];
