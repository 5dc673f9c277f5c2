import { type Vocabulary, vocabularyOf } from '../language/vocabulary.ts';
import { Failed, Unknown } from '../run/failed.ts';
import { planOfTexts } from '../run/load.ts';
import { outboundOf } from '../run/outbound.ts';
import { type RunResult, checkStateOf } from '../run/result.ts';
import { runScenario } from '../run/scenario.ts';
import type { World } from '../run/world.ts';
import type { Step } from '../steps/step.ts';
import type { Format, Paper, TestRun } from './format.ts';
import { type FormatName, formatOf } from './formats.ts';

let tries = 0;
const step = (expression: string, run: Step['run'], takes?: Step['takes']): Step => ({
  expression,
  kind: 'assertion',
  group: 'Test',
  about: '',
  example: [],
  ...(takes ? { takes } : {}),
  run,
});

/** Steps that end in every way. */
const words: Vocabulary<World> = vocabularyOf([
  step('it holds', () => undefined),
  step('{int} is {string}', () => undefined),
  step('it holds:', () => undefined, 'table'),
  step('it does not hold', () => {
    throw new Failed('expected "<a>" & more; it is\n"b"\u0007');
  }),
  step('it can not be seen', () => {
    throw new Unknown('there is no secret "KEY" here');
  }),
  step('it holds the second time', () => {
    if (++tries % 2 === 1) throw new Failed('not yet');
  }),
]);

const texts = [
  {
    file: 'features/shop.feature',
    text: `Feature: The shop
  Background:
    Given it holds

  Scenario: it is open
    Then 2 is "two"

  Scenario: it is shut
    Then it does not hold
    And it holds

  @warning
  Scenario: it is slow
    Then it does not hold

  Rule: people
    Scenario Outline: <who> comes in
      Then it can not be seen

      Examples:
        | who |
        | Ann |

  @env(production)
  Scenario: only there
    Then it holds
`,
  },
  {
    file: 'features/basket.feature.md',
    text: `# Feature: The basket

## Scenario: filling it
* Then it holds:

  | tea |
  | ice |

\`@browser\`
## Scenario: emptying it
* Then it holds the second time
`,
  },
];

/** Runs the two features, tells a format of it, and gives what it wrote. */
export async function reportAs(name: FormatName, screenshot?: Uint8Array): Promise<string> {
  tries = 0;
  let written = '';
  const paper: Paper = {
    write: async (text) => {
      written += text;
    },
    style: (_, text) => text,
    printable: (text) => text.replaceAll('\u0007', '\\u0007'),
  };
  await tell(formatOf(name, paper), screenshot);
  return written;
}

async function tell(format: Format, screenshot?: Uint8Array): Promise<void> {
  const { features, plan } = planOfTexts(texts, words);
  if (plan.findings.length > 0) throw new Error(JSON.stringify(plan.findings));
  const leftOut = plan.scenarios.filter(({ name }) => name === 'only there');
  const scenarios = plan.scenarios.filter((one) => !leftOut.includes(one));
  const run: TestRun = {
    features: features.map(({ file, name }, i) => ({ file, name, text: texts[i]?.text ?? '' })),
    scenarios,
    leftOut: leftOut.map((planned) => ({ planned, why: '@env: it is for production' })),
    vocabulary: words,
    environment: 'staging',
    version: '1.2.3',
  };
  const counts = { ok: 0, warning: 0, critical: 0, unknown: 0, leftOut: leftOut.length };
  const at = Date.UTC(2026, 4, 1, 12);
  await format.begin?.(run, at);
  for (const planned of scenarios) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await format.begins?.(planned, at);
    // oxlint-disable-next-line no-await-in-loop
    const result = await runScenario(
      planned,
      { base: undefined, outbound: outboundOf([]), secret: () => undefined },
      new AbortController().signal,
      { onStep: (one, attempt) => format.step?.({ planned, step: one, attempt, at }) },
    );
    counts[checkStateOf(result)]++;
    // oxlint-disable-next-line no-await-in-loop
    await format.scenario(planned, seen(result, screenshot));
  }
  await format.end({ counts, seconds: 1.5, success: false, stopped: undefined }, at + 1500);
}

/** The same times each run; and a picture, and what was answered, where it did not pass. */
function seen(result: RunResult, screenshot: Uint8Array | undefined): RunResult {
  const steps = result.steps.map((one) => ({ ...one, seconds: 0.25 }));
  if (result.state === 'passed') return { ...result, seconds: 0.5, steps };
  const excerpt = { url: 'https://x.example/', status: 500, headers: { a: 'b' }, body: 'oops' };
  return { ...result, seconds: 0.5, steps, excerpt, ...(screenshot ? { screenshot } : {}) };
}
