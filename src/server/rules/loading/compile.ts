import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Complaint, runCompiler } from './compiler.ts';
import { Emitted, emittedPath } from './emitted.ts';
import { rulesError } from '../errors.ts';
import { languageModule, languages, languageTypes } from './language-types.ts';

/** Something wrong with a rule file. */
export interface FileProblem {
  /** As it was given; an imported file by its absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly message: string;
}

/** A rule file after the compiler. */
export interface CompiledFile {
  /** Path as it was given, or below the directory that was given. */
  readonly file: string;
  /** URL of what to import; undefined when the file, or one that it imports, has problems. */
  readonly module?: string;
  /** The same for the same code, imports included. */
  readonly digest?: string;
  readonly problems: readonly FileProblem[];
}

export type RuleFiles = { readonly directory: string } | { readonly files: readonly string[] };

/**
 * Checks rule files and makes JavaScript of them below `outDir`, each call in a folder of its own,
 * so that what is loaded is never an older version. Of a directory all `*.ts` are taken but
 * `*.test.ts` and `*.d.ts`; folders in it are for what they import. Throws TERR_RULES_COMPILER,
 * TERR_RULES_DIRECTORY.
 */
export async function compileRules(
  what: RuleFiles & { readonly outDir: string; readonly signal?: AbortSignal },
): Promise<readonly CompiledFile[]> {
  const given = 'files' in what ? what.files : ruleFilesIn(what.directory);
  const sources = new Map<string, string>();
  for (const file of given) if (existsSync(file)) sources.set(realpathSync(resolve(file)), file);
  mkdirSync(what.outDir, { recursive: true });
  const base = realpathSync(what.outDir);
  placeLanguages(base);
  const outDir = mkdtempSync(join(base, 'v-'));
  const compiling = new Compiling(outDir, sources, what.signal);
  if (sources.size > 0) await compiling.run([...sources.keys()]);
  const bySource = new Map([...sources].map(([source, file]) => [file, source]));
  return given.map((file) => {
    const source = bySource.get(file);
    if (source !== undefined) return compiling.result(source, file);
    return { file, problems: [{ file, line: 1, column: 1, message: 'there is no such file' }] };
  });
}

/** The rule files of a directory, sorted. Throws TERR_RULES_DIRECTORY. */
export function ruleFilesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && isRuleFile(entry.name))
      .map((entry) => join(directory, entry.name))
      .toSorted();
  } catch (cause) {
    throw rulesError('DIRECTORY', `the rules directory ${directory} cannot be read`, { cause });
  }
}

function isRuleFile(name: string): boolean {
  return name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(name) && !name.startsWith('.');
}

/** One go over some files, and over the rest again where one hides what is wrong with the others. */
class Compiling {
  readonly #outDir: string;
  readonly #sources: ReadonlyMap<string, string>;
  readonly #signal: AbortSignal | undefined;
  readonly #complaints: Complaint[] = [];
  /** Sources that were never checked, since something that all share can't be read. */
  #unchecked: readonly string[] = [];

  constructor(
    outDir: string,
    sources: ReadonlyMap<string, string>,
    signal: AbortSignal | undefined,
  ) {
    this.#outDir = outDir;
    this.#sources = sources;
    this.#signal = signal;
  }

  async run(files: readonly string[]): Promise<void> {
    const config = join(this.#outDir, 'tsconfig.json');
    writeFileSync(config, JSON.stringify(await configuration(this.#outDir, files)));
    const found = await runCompiler(config, this.#signal);
    this.#complaints.push(...found);
    if (found.length === 0) this.#findDangling(files);
    // While one file can't be read, the compiler looks at no types in the others.
    if (!found.some((complaint) => complaint.syntax)) return;
    const emitted = new Emitted(this.#outDir);
    const rest = files.filter((file) => this.#about(file, emitted).length === 0);
    if (rest.length === files.length) this.#unchecked = rest;
    else if (rest.length > 0) await this.run(rest);
  }

  /** Node wants to know the ending of what is imported; the compiler does not. */
  #findDangling(files: readonly string[]): void {
    const emitted = new Emitted(this.#outDir);
    for (const { source, to } of files.flatMap((file) => emitted.dangling(file)))
      this.#complaints.push({
        file: source,
        ...placeOfImport(readFileSync(source, 'utf8'), to),
        message: `write the import with its ending: "${to}.ts"`,
        syntax: false,
      });
  }

  result(source: string, file: string): CompiledFile {
    const emitted = new Emitted(this.#outDir);
    const about = this.#unchecked.includes(source)
      ? this.#complaints
      : this.#about(source, emitted);
    const problems = about.map(({ file: at, line, column, message }) => ({
      file: this.#sources.get(at) ?? at,
      line,
      column,
      message,
    }));
    if (problems.length > 0) return { file, problems };
    const module = pathToFileURL(emittedPath(this.#outDir, source)).href;
    return { file, module, digest: emitted.digest(source), problems };
  }

  /** The complaints about a source and what it imports. */
  #about(source: string, emitted: Emitted): readonly Complaint[] {
    const reached = new Set(emitted.reach(source));
    return this.#complaints.filter(
      ({ file }) => file === source || reached.has(emittedPath(this.#outDir, file)),
    );
  }
}

function placeOfImport(text: string, to: string): { line: number; column: number } {
  const quoted = [`'${to}'`, `"${to}"`].map((one) => text.indexOf(one));
  const index = quoted.find((at) => at >= 0) ?? 0;
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

async function configuration(outDir: string, files: readonly string[]): Promise<unknown> {
  const types = await languageTypes();
  return {
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023'],
      module: 'esnext',
      // What a rule file imports is found as the sources say, `./thresholds.ts`, without a package.
      moduleResolution: 'bundler',
      moduleDetection: 'force',
      rewriteRelativeImportExtensions: true,
      strict: true,
      skipLibCheck: true,
      // Rules are pure: there is no Node in them but a console to look into them with.
      types: [],
      sourceMap: true,
      rootDir: '/',
      outDir,
      paths: Object.fromEntries(
        Object.entries(languages).map(([name, path]) => [
          `territory/${name}`,
          [join(types, `${path}.d.ts`)],
        ]),
      ),
    },
    files: [writeConsole(outDir), ...files],
  };
}

const consoleTypes = `interface Console {
  log(...data: unknown[]): void;
  info(...data: unknown[]): void;
  warn(...data: unknown[]): void;
  error(...data: unknown[]): void;
}
declare var console: Console;
`;

function writeConsole(outDir: string): string {
  const path = join(outDir, 'console.d.ts');
  writeFileSync(path, consoleTypes);
  return path;
}

/** Makes `territory/rules` and the like mean what runs here, for everything below the folder. */
function placeLanguages(outDir: string): void {
  const folder = join(outDir, 'node_modules/territory');
  mkdirSync(folder, { recursive: true });
  write(join(outDir, 'package.json'), JSON.stringify({ type: 'module' }));
  const names = Object.keys(languages) as (keyof typeof languages)[];
  const files = names.map((name) => [name, `./${name.replace('/', '-')}.js`] as const);
  const exports = Object.fromEntries(files.map(([name, file]) => [`./${name}`, file]));
  write(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'territory', type: 'module', exports }),
  );
  for (const [name, file] of files)
    write(join(folder, file), `export * from ${JSON.stringify(languageModule(name).href)};\n`);
}

/** Leaves alone what is the same, since another thread may be reading it. */
function write(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
