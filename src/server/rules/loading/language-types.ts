import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compilerCommand } from './compiler.ts';

const fromSources = import.meta.url.endsWith('.ts');
/** `dist/`, or `src/` where we run from sources. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What files that people write may import, by the name behind `territory/`, and where it lies. */
export const languages = {
  rules: 'rules/rules',
  'rules/test': 'rules/test',
  checks: 'checks/own/checks',
} as const;

/** Where a module of a language lies. */
export function languageModule(name: keyof typeof languages): URL {
  const ending = fromSources ? 'ts' : 'js';
  return new URL(`../../../${languages[name]}.${ending}`, import.meta.url);
}

let making: Promise<string> | undefined;

/**
 * The folder in which the declarations of the languages are, as `rules/rules.d.ts`. The build has them; from sources they are made once and kept among temporary
 * files, since to check the language itself with each rule file would take a second every time.
 */
export function languageTypes(): Promise<string> {
  if (!fromSources) return Promise.resolve(root);
  making ??= makeTypes();
  return making;
}

async function makeTypes(): Promise<string> {
  const folder = join(tmpdir(), `territory-language-${fingerprint()}`);
  if (existsSync(folder)) return folder;
  const made = mkdtempSync(`${folder}-`);
  const config = join(made, 'tsconfig.json');
  await writeFile(config, JSON.stringify({ compilerOptions: { ...options, outDir: made }, files }));
  const { command, args } = compilerCommand();
  await promisify(execFile)(command, [...args, '-p', config]);
  try {
    renameSync(made, folder);
  } catch {
    // Another process was faster.
    rmSync(made, { recursive: true, force: true });
  }
  return folder;
}

const files = Object.values(languages).map((name) => join(root, `${name}.ts`));
const options = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'nodenext',
  types: ['node'],
  typeRoots: [join(root, '../node_modules/@types')],
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  noCheck: true,
  declaration: true,
  emitDeclarationOnly: true,
  rootDir: root,
};

/** Changes with the sources that the declarations are made of. */
function fingerprint(): string {
  const hash = createHash('sha1');
  for (const folder of ['rules', 'event', 'errors', 'checks/own'])
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.ts'))
        hash.update(`${file} ${statSync(join(root, folder, file)).mtimeMs}\n`);
  return hash.digest('hex').slice(0, 16);
}
