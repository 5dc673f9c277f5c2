import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of rule files for a test. */
export interface Folder {
  readonly path: string;
  /** Where compiled files may go. */
  readonly outDir: string;
  readonly write: (name: string, text: string) => string;
  readonly drop: (name: string) => void;
  /** Removes all of it. */
  readonly remove: () => void;
}

export function ruleFolder(files: Readonly<Record<string, string>> = {}): Folder {
  const root = mkdtempSync(join(tmpdir(), 'territory-rules-'));
  const path = join(root, 'rules');
  mkdirSync(path);
  const write = (name: string, text: string): string => {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    path,
    outDir: join(root, 'out'),
    write,
    drop: (name) => rmSync(join(path, name)),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A rule that puts on the log each event of a name, doubled. */
export function doubling(rule: string, name: string): string {
  return `import { events, rule } from 'territory/rules';

rule('${rule}', () =>
  events
    .where('name = "${name}"')
    .map((event) => ({ metric: (event.metric ?? 0) * 2 }))
    .emit({ name: '${name}.double' }),
);
`;
}
