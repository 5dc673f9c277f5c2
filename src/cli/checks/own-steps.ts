import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksErrors } from '../../checks/errors.ts';
import { lineOfFinding } from '../../checks/language/plan.ts';
import type { Step } from '../../checks/steps/step.ts';
import { loadOwnSteps } from '../../server/own-steps/load.ts';

/** Steps of one's own for one command. */
export class OwnStepFiles {
  #outDir: string | undefined;

  /** The steps in a folder as it is now; none without one. Throws TERR_CHECKS_STEPS. */
  async load(folder: string | undefined, signal: AbortSignal): Promise<readonly Step[]> {
    if (folder === undefined) return [];
    this.#outDir ??= mkdtempSync(join(tmpdir(), 'territory-steps-'));
    const { steps, findings } = await loadOwnSteps(folder, this.#outDir, signal);
    const [first] = findings;
    if (!first) return steps;
    throw checksErrors('STEPS', findings.map(lineOfFinding).join('\n'), { file: first.file });
  }

  /** Removes what was compiled. Places of errors can not be told after it. */
  remove(): void {
    if (this.#outDir !== undefined) rmSync(this.#outDir, { recursive: true, force: true });
  }
}
