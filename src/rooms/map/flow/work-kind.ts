/** What an item is done for: the four flow items of the Flow Framework (Kersten, "Project to Product"). */
export const workKinds = ['feature', 'defect', 'risk', 'debt', 'unknown'] as const;
export type WorkKind = (typeof workKinds)[number];

/** Words of labels, of types of tickets, and the prefixes of Conventional Commits 1.0.0. */
const words: Readonly<Record<string, WorkKind>> = {
  feat: 'feature',
  feature: 'feature',
  enhancement: 'feature',
  story: 'feature',
  epic: 'feature',
  improvement: 'feature',
  fix: 'defect',
  bug: 'defect',
  bugfix: 'defect',
  hotfix: 'defect',
  defect: 'defect',
  incident: 'defect',
  problem: 'defect',
  regression: 'defect',
  revert: 'defect',
  risk: 'risk',
  security: 'risk',
  sec: 'risk',
  vulnerability: 'risk',
  cve: 'risk',
  compliance: 'risk',
  privacy: 'risk',
  debt: 'debt',
  refactor: 'debt',
  refactoring: 'debt',
  chore: 'debt',
  perf: 'debt',
  build: 'debt',
  ci: 'debt',
  test: 'debt',
  tests: 'debt',
  docs: 'debt',
  style: 'debt',
  deps: 'debt',
  dependencies: 'debt',
  maintenance: 'debt',
};

function kindOfWord(word: string): WorkKind | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

/** `kind/bug`, `type: feature`, `tech-debt`: each word of a label counts, the last first. */
export function kindOfLabel(label: string): WorkKind {
  const parts = label
    .slice(0, 100)
    .toLowerCase()
    .split(/[^a-z]+/);
  const found = parts.flatMap((part) => kindOfWord(part) ?? []);
  return found.at(-1) ?? 'unknown';
}

/** By the prefix of Conventional Commits: `fix(basket)!: …`; a scope such as `security` says more. */
export function kindOfTitle(title: string): WorkKind {
  const [, type = '', scope = ''] = /^([a-z]{2,15})(?:\(([^)]{1,50})\))?!?:\s/i.exec(title) ?? [];
  const kind = kindOfWord(type.toLowerCase());
  if (kind === undefined) return 'unknown';
  return kindOfLabel(scope) === 'risk' ? 'risk' : kind;
}
