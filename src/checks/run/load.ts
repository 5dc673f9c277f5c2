import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checksErrors } from '../errors.ts';
import { type Feature, type Finding, readFeature } from '../language/feature.ts';
import { type Plan, lineOfFinding, planOf } from '../language/plan.ts';
import type { Vocabulary } from '../language/vocabulary.ts';
import { vocabulary } from '../steps/vocabulary.ts';
import type { World } from './world.ts';

/**
 * Reads feature files and finds what they mean. Throws TERR_CHECKS_FEATURE where one can not be read.
 * @param files paths in `folder`, as they are told
 */
export async function loadFeatures(files: readonly string[], folder: string): Promise<Plan<World>> {
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await textOf(file, folder) })),
  );
  return planOfTexts(texts, vocabulary).plan;
}

/** Finds what the texts of features mean, and who they are. */
export function planOfTexts(
  texts: readonly { readonly file: string; readonly text: string }[],
  words: Vocabulary<World>,
): { readonly features: readonly Feature[]; readonly plan: Plan<World> } {
  const features: Feature[] = [];
  const findings: Finding[] = [];
  for (const { file, text } of texts) {
    const read = readFeature(file, text);
    if ('feature' in read) features.push(read.feature);
    else findings.push(...read.findings);
  }
  const plan = planOf(features, words);
  return { features, plan: { ...plan, findings: [...findings, ...plan.findings] } };
}

/** Throws TERR_CHECKS_FEATURE. */
export async function textOf(file: string, folder: string): Promise<string> {
  try {
    return await readFile(folder === '' ? file : join(folder, file), 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw checksErrors('FEATURE', `${file} can not be read: ${code}`, { file, cause: error });
  }
}

/** Throws TERR_CHECKS_FEATURE with a line for each finding. */
export function mustBeRight({ findings }: Plan<World>): void {
  const [first] = findings;
  if (first)
    throw checksErrors('FEATURE', findings.map(lineOfFinding).join('\n'), { file: first.file });
}
