import { spawnSync } from 'node:child_process';

/** Whether a program that tests run against is installed; says on stderr when it is not. */
export function hasCommand(command: string, debianPackage: string): boolean {
  const found = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', command]).status === 0;
  if (!found) process.stderr.write(`skipped: no ${command} (Debian: ${debianPackage})\n`);
  return found;
}
