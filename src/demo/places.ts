import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Places } from './company.ts';
import { demoErrors } from './errors.ts';

/** Where everything of a demo in `home` stands. */
export function placesOf(home: string, example: string): Places {
  const root = resolve(home);
  return {
    home: root,
    example,
    programs: join(root, 'programs'),
    territory: join(root, 'territory'),
    repositories: join(root, 'repositories'),
    store: (environment) => join(root, 'company', environment),
    outside: join(root, 'company', 'outside'),
    architectures: join(root, 'company', 'architectures'),
    logs: join(root, 'logs'),
  };
}

/**
 * The example of this installation: `examples/newsroom` beside the folder that holds `from`, or
 * above it. Throws TERR_DEMO_START when it was not installed along.
 */
export function exampleFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const example = join(folder, 'examples', 'newsroom');
    if (existsSync(join(example, 'site', 'territory.yaml'))) return example;
    if (folder === dirname(folder))
      throw demoErrors('START', 'examples/newsroom is not part of this installation');
  }
}
