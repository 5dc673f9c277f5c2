import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Engine } from '../../../rules/engine/engine.ts';
import { collectRules } from '../../../rules/language/collect.ts';
import type { RulePlan } from '../../../rules/language/plan.ts';
import { operators } from '../../../rules/operators/table.ts';
import { emittedPath } from './emitted.ts';
import { rulesError } from '../errors.ts';
import { type SourcePlace, placeInStack } from './stack-place.ts';

/** A rule with the place of its declaration. */
export interface LoadedRule extends RulePlan {
  /** From 1; 1 when unknown. */
  readonly line: number;
  readonly column: number;
}

/** A file that waits for something while it is being loaded is given up after this, ms. */
const timeLimitMs = 5_000;
/** Deep enough to reach the rule file behind the frames of the language. */
const stackDepth = 50;

/**
 * Imports a compiled rule file in this thread and answers the rules that it declares; each of them
 * can run. One at a time: what is declared meanwhile belongs to this file. Throws TERR_RULES_LOAD
 * with file, line and column, whatever the file throws.
 *
 * @param module as `compileRules` gave it
 * @param file the path of the source
 */
export async function loadRuleFile(module: string, file: string): Promise<readonly LoadedRule[]> {
  const source = realpathSync(resolve(file));
  const outDir = outDirOf(module, source);
  const as = (place: SourcePlace | undefined): SourcePlace =>
    !place || place.file === source
      ? { file, line: place?.line ?? 1, column: place?.column ?? 1 }
      : place;
  const places = new Map<RulePlan, SourcePlace | undefined>();
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = stackDepth;
  try {
    const plans = await collectRules(
      () => inTime(import(module)),
      (plan) => places.set(plan, placeInStack(new Error('here').stack ?? '', outDir)),
    );
    return plans.map((plan) => {
      const place = as(places.get(plan));
      tryOut(plan, place);
      return { ...plan, line: place.line, column: place.column };
    });
  } catch (error) {
    throw loadError(error, (stack) => as(placeInStack(stack, outDir)));
  } finally {
    Error.stackTraceLimit = depth;
  }
}

/** The folder into which a source was compiled as this module. */
export function outDirOf(module: string, source: string): string {
  const path = fileURLToPath(module);
  return path.slice(0, path.length - emittedPath('/', source).length);
}

/** Streams that can't be joined, and the like, show only once the whole rule is there. */
function tryOut(plan: RulePlan, place: SourcePlace): void {
  try {
    const nobody = (): void => undefined;
    new Engine({ kinds: operators, onDecision: nobody, onProblem: nobody }).prepare(plan);
  } catch (error) {
    throw rulesError('LOAD', messageOf(error), { ...place, cause: error });
  }
}

function loadError(error: unknown, placeOf: (stack: string) => SourcePlace): unknown {
  if (codeOf(error) === 'TERR_RULES_LOAD') return error;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return rulesError('LOAD', messageOf(error), { ...placeOf(stack), cause: error });
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${JSON.stringify(error) ?? String(error)}`;
  const code = codeOf(error);
  // Those say the column by themselves, and it is one within the query.
  if (code?.startsWith('TERR_WHERE_')) return `in the query, ${error.message}`;
  const plain = error.name === 'Error' || code?.startsWith('TERR_') === true;
  return plain ? error.message : `${error.name}: ${error.message}`;
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

async function inTime(loading: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it did not finish loading within ${timeLimitMs / 1000} s`)),
      timeLimitMs,
    );
  });
  try {
    await Promise.race([loading, late]);
  } finally {
    clearTimeout(timer);
  }
}
