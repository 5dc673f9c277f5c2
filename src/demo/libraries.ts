import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Places } from './company.ts';
import { demoErrors } from './errors.ts';

/** Packages that the company's programs import, as they would be on a machine prepared for them. */
const packages = ['libsql', 'pngjs', 'prom-client', 'fast-xml-parser'];

/** Programs of the world around the company, and of the contrast: nobody deploys them. */
const outsidePrograms = ['feeds', 'payments', 'architectures'];

/**
 * Puts what is no repository of the company into its folder: programs of the outside into `programs`,
 * and libraries into `node_modules`, above repositories and artefacts, where Node finds them. Throws
 * TERR_DEMO_BUILD, TERR_DEMO_START.
 *
 * @param root folder of this installation, with package.json and dist/
 */
export function prepareMachine(
  { home, example, programs }: Pick<Places, 'home' | 'example' | 'programs'>,
  root: string,
): void {
  if (!existsSync(join(root, 'dist/client/client.js')))
    throw demoErrors('BUILD', 'Territory is not built here yet: run script/build, then try again');
  const require = createRequire(join(root, 'package.json'));
  const folder = join(home, 'node_modules');
  mkdirSync(folder, { recursive: true });
  const link = (name: string, target: string): void => {
    rmSync(join(folder, name), { recursive: true, force: true });
    symlinkSync(target, join(folder, name));
  };
  link('territory', root);
  for (const name of packages) link(name, folderOf(name, require));
  const copy = (from: string, to: string): void => {
    if (!existsSync(join(example, from))) return;
    rmSync(to, { recursive: true, force: true });
    cpSync(join(example, from), to, { recursive: true });
  };
  // No link: Node looks for what a linked file imports beside the file itself.
  copy('service', join(folder, 'newsroom-service'));
  for (const name of outsidePrograms) copy(name, join(programs, name));
}

/** The folder of a package, wherever npm put it; some do not let their package.json be asked for. */
function folderOf(name: string, require: NodeJS.Require): string {
  let folder = dirname(require.resolve(name));
  while (!folder.endsWith(join('node_modules', name))) {
    if (folder === dirname(folder))
      throw demoErrors('START', `the package ${name} is not installed`);
    folder = dirname(folder);
  }
  return folder;
}
