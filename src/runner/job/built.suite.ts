import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { JobOrder } from './job.ts';

const root = join(import.meta.dirname, '../../..');

/**
 * Builds these sources, and what they import, for the tests of a file: from TypeScript each process
 * would take ten times as long to start. Gives the path of a built file.
 */
export function built(...sources: readonly string[]): (source: string) => string {
  let folder = '';
  beforeAll(() => {
    const cache = join(root, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'territory-job-'));
    const config = {
      extends: join(root, 'tsconfig.build.json'),
      compilerOptions: {
        outDir: folder,
        sourceMap: false,
        declaration: false,
        rootDir: join(root, 'src'),
      },
      files: sources.map((source) => join(root, 'src', source)),
      include: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(folder, 'tsconfig.json')], {
      stdio: 'inherit',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (source) => join(folder, source.replace(/\.ts$/, '.js'));
}

/** A folder for jobs, which is removed behind the tests of a file. */
export function jobHome(): () => string {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(realpathSync(tmpdir()), 'territory-jobs-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  return () => home;
}

/** An order for `sh -c`, with generous limits. */
export function shellOrder(script: string, more: Partial<JobOrder> = {}): JobOrder {
  return {
    id: 'test',
    argv: ['sh', '-c', script],
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    secrets: [],
    limits: { total: 120_000, silence: 120_000 },
    ...more,
  };
}
