import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
// Below node_modules, because the built modules find their packages from there.
const cache = join(root, 'node_modules/.cache/territory-system');

/**
 * The command line as JavaScript. It is made from the sources as they are now, so that no stale
 * `dist/` is tested, and only once for all test files: starting from TypeScript would cost seconds
 * at each of the many starts.
 */
export function builtMain(): string {
  built ??= builtNow();
  return built;
}
/** A file of tests stays with what it began with, whatever is edited meanwhile. */
let built: string | undefined;

function builtNow(): string {
  const home = join(cache, newestSource());
  if (!existsSync(home)) build(home);
  return join(home, 'dist/cli/main.js');
}

function build(home: string): void {
  const own = `${home}.${process.pid}`;
  mkdirSync(own, { recursive: true });
  // Types are checked elsewhere; whoever is first puts the finished folder in place.
  const tsc = join(root, 'node_modules/.bin/tsc');
  const project = join(root, 'tsconfig.build.json');
  execFileSync(tsc, ['-p', project, '--noCheck', '--outDir', join(own, 'dist')], { cwd: root });
  copyFileSync(join(root, 'package.json'), join(own, 'package.json'));
  try {
    renameSync(own, home);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  forgetOld(home);
}

/** Builds of an hour ago belong to no run any more. */
function forgetOld(home: string): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (path !== home && age > 3_600_000) rmSync(path, { recursive: true, force: true });
  }
}

function newestSource(): string {
  const src = join(root, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' });
  const times = files
    .filter((file) => !/\.(test|suite)\.ts$/.test(file) && !file.startsWith('web'))
    .map((file) => statSync(join(src, file), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return String(Math.round(Math.max(...times)));
}
