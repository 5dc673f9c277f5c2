import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where the compatibility kit has its features, a folder for each sample. */
export const kit = join(
  dirname(createRequire(import.meta.url).resolve('@cucumber/compatibility-kit/package.json')),
  'features',
);

export const samples = readdirSync(kit).toSorted();

interface KitFeature {
  readonly file: string;
  readonly text: string;
}

/** The features of a sample, as the kit writes them. */
export function featuresOf(sample: string): readonly KitFeature[] {
  const folder = join(kit, sample);
  return readdirSync(folder)
    .filter((file) => /\.feature(\.md)?$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
}

interface Envelope {
  readonly pickle?: {
    readonly id: string;
    readonly uri: string;
    readonly name: string;
    readonly steps: readonly { readonly id: string }[];
  };
  readonly testCase?: {
    readonly id: string;
    readonly pickleId: string;
    readonly testSteps: readonly { readonly id: string; readonly pickleStepId?: string }[];
  };
  readonly testCaseStarted?: { readonly id: string; readonly testCaseId: string };
  readonly testStepFinished?: {
    readonly testCaseStartedId: string;
    readonly testStepId: string;
    readonly testStepResult: { readonly status: string };
  };
}

/**
 * What the kit says of a sample: a line for each attempt of a scenario, with the status of each of
 * its steps, hooks left out. In the order of files and their scenarios.
 */
export function expectedOf(sample: string): readonly string[] {
  const lines = readFileSync(join(kit, sample, `${sample}.ndjson`), 'utf8')
    .trim()
    .split('\n');
  const all = lines.map((line) => JSON.parse(line) as Envelope);
  const cases = all.flatMap(({ testCase }) => testCase ?? []);
  const starts = all.flatMap(({ testCaseStarted }) => testCaseStarted ?? []);
  const ends = all.flatMap(({ testStepFinished }) => testStepFinished ?? []);
  return all
    .flatMap(({ pickle }) => pickle ?? [])
    .map((pickle, i) => ({ pickle, i }))
    .toSorted((a, b) => a.pickle.uri.localeCompare(b.pickle.uri) || a.i - b.i)
    .flatMap(({ pickle }) => {
      const own = cases.find(({ pickleId }) => pickleId === pickle.id);
      const steps = own?.testSteps.flatMap(({ id, pickleStepId }) => (pickleStepId ? [id] : []));
      return starts
        .filter(({ testCaseId }) => testCaseId === own?.id)
        .map(({ id }) => {
          const statuses = (steps ?? []).map(
            (step) =>
              ends.find((one) => one.testCaseStartedId === id && one.testStepId === step)
                ?.testStepResult.status ?? 'NOTHING',
          );
          return `${pickle.name}: ${statuses.join(' ')}`;
        });
    });
}
