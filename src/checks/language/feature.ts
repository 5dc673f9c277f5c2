import {
  AstBuilder,
  GherkinClassicTokenMatcher,
  GherkinInMarkdownTokenMatcher,
  Parser,
  compile,
} from '@cucumber/gherkin';

/** A place in a feature file, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a feature, and where. */
export interface Finding extends Place {
  readonly message: string;
}

export interface FeatureTag extends Place {
  /** With its `@`. */
  readonly name: string;
}

/** One step of a scenario, with the values of its outline filled in. */
export interface FeatureStep extends Place {
  readonly text: string;
  /** Its text block, where it has one. */
  readonly block?: string;
  /** The rows of its table, where it has one. */
  readonly table?: readonly (readonly string[])[];
}

/** One scenario as it is run: its background before it, one for each row of an outline. */
export interface FeatureScenario extends Place {
  readonly name: string;
  /** Lines by which it is chosen: its own, its row's, those of its steps. */
  readonly lines: readonly number[];
  readonly steps: readonly FeatureStep[];
  readonly tags: readonly FeatureTag[];
}

/** A feature file that was read. */
export interface Feature {
  readonly file: string;
  readonly name: string;
  readonly scenarios: readonly FeatureScenario[];
}

type Document = ReturnType<Parser<unknown>['parse']>;
type Pickle = ReturnType<typeof compile>[number];
interface Located {
  readonly line: number;
  readonly column?: number;
}

/**
 * Reads a feature: Gherkin in any of its languages, in Markdown where the file ends in `.md`. A file
 * that can not be read gives its findings.
 */
export function readFeature(
  file: string,
  text: string,
): { readonly feature: Feature } | { readonly findings: readonly Finding[] } {
  let ids = 0;
  const newId = (): string => String(++ids);
  const matcher = file.endsWith('.md')
    ? new GherkinInMarkdownTokenMatcher()
    : new GherkinClassicTokenMatcher();
  const parser = new Parser(new AstBuilder(newId), matcher);
  try {
    const document = parser.parse(text);
    const nodes = nodesOf(document);
    const scenarios = compile(document, file, newId).map((one) => scenarioOf(one, nodes, file));
    return { feature: { file, name: document.feature?.name ?? '', scenarios } };
  } catch (error) {
    return { findings: faultsOf(error, file) };
  }
}

interface Nodes {
  readonly places: ReadonlyMap<string, Located>;
  /** The heading of the scenario that a row belongs to, by the row's id. */
  readonly headings: ReadonlyMap<string, number>;
}

/** Where each node of a document stands. */
function nodesOf({ feature }: Document): Nodes {
  const places = new Map<string, Located>();
  const headings = new Map<string, number>();
  const put = (all: readonly { readonly id: string; readonly location: Located }[]): void => {
    for (const { id, location } of all) places.set(id, location);
  };
  put(feature?.tags ?? []);
  const children = (feature?.children ?? []).flatMap((child) => {
    put(child.rule?.tags ?? []);
    return [child, ...(child.rule?.children ?? [])];
  });
  for (const { background, scenario } of children) {
    put(background?.steps ?? []);
    if (!scenario) continue;
    put([scenario, ...scenario.tags, ...scenario.steps]);
    for (const { tags, tableBody } of scenario.examples) {
      put([...tags, ...tableBody]);
      for (const { id } of tableBody) headings.set(id, scenario.location.line);
    }
  }
  return { places, headings };
}

function scenarioOf(pickle: Pickle, { places, headings }: Nodes, file: string): FeatureScenario {
  const at = (id: string | undefined): Place => {
    const { line, column }: Located = places.get(id ?? '') ?? pickle.location ?? { line: 1 };
    return { file, line, column: column ?? 1 };
  };
  const own = pickle.astNodeIds.at(-1);
  const steps = pickle.steps.map(({ text, argument, astNodeIds }) => ({
    ...at(astNodeIds[0]),
    text,
    ...(argument?.docString ? { block: argument.docString.content } : {}),
    ...(argument?.dataTable
      ? { table: argument.dataTable.rows.map(({ cells }) => cells.map(({ value }) => value)) }
      : {}),
  }));
  const heading = headings.get(own ?? '');
  const place = at(own);
  return {
    ...place,
    name: pickle.name || '(without a name)',
    lines: [place.line, ...(heading === undefined ? [] : [heading]), ...steps.map((s) => s.line)],
    steps,
    tags: pickle.tags.map(({ name, astNodeId }) => ({ ...at(astNodeId), name })),
  };
}

/** What the parser says, without the place that it puts before it. */
function faultsOf(error: unknown, file: string): readonly Finding[] {
  const all = error as { readonly errors?: readonly unknown[]; readonly location?: Located };
  if (all.errors && all.errors.length > 0) return all.errors.flatMap((one) => faultsOf(one, file));
  if (!(error instanceof Error) || all.location === undefined) throw error;
  const { line, column } = all.location;
  const message = error.message.replace(/^\(\d+:\d+\): /, '');
  return [{ file, line, column: column ?? 1, message }];
}
