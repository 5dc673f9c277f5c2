import { inOrder, sha256Of } from './canonical.ts';
import type { Scenario } from './release.ts';

const heading = /^(Scenario Outline|Scenario Template|Scenario|Example)\s*:\s*(.*)$/;
/** Where the text of a scenario ends besides at the next one. Tags belong to what comes behind them. */
const ends = /^(Rule|Feature|Background)\s*:|^@/;

/**
 * Scenarios of a Gherkin file by name, with the hash of their text: its lines without the white
 * space around them, empty lines and comments. It is a plain scan of the English keywords; steps
 * of a `Background` and tags are not part of a scenario's hash.
 */
export function readScenarios(feature: string, text: string): Scenario[] {
  const found: { readonly scenario: string; readonly lines: string[] }[] = [];
  let open = false;
  for (const line of linesOf(text)) {
    const name = line.inText ? undefined : heading.exec(line.plain)?.[2];
    if (name !== undefined) {
      found.push({ scenario: name || '(without a name)', lines: [] });
      open = true;
    } else if (!line.inText && ends.test(line.plain)) open = false;
    if (open && saysSomething(line)) found.at(-1)?.lines.push(line.plain);
  }
  return found.map(({ scenario, lines }) => ({
    scenario,
    feature,
    sha256: sha256Of(`${lines.join('\n')}\n`),
  }));
}

const saysSomething = ({ plain, inText }: Line): boolean =>
  plain !== '' && (inText || !plain.startsWith('#'));

interface Line {
  /** Without the white space around it. */
  readonly plain: string;
  /** Whether it is within a step's text block. */
  readonly inText: boolean;
}

function* linesOf(text: string): Generator<Line> {
  let quote: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const plain = line.trim();
    yield { plain, inText: quote !== undefined };
    const mark = /^("""|```)/.exec(plain)?.[1];
    if (quote === undefined) quote = mark;
    else if (mark === quote) quote = undefined;
  }
}

/** By feature file; those of one file in the order of their names. */
export const sortScenarios = (scenarios: readonly Scenario[]): Scenario[] =>
  scenarios.toSorted(
    (a, b) =>
      inOrder(a.feature, b.feature) ||
      inOrder(a.scenario, b.scenario) ||
      inOrder(a.sha256, b.sha256),
  );
