import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the compiler puts what it makes of a source, both as absolute paths. */
export function emittedPath(outDir: string, source: string): string {
  return join(outDir, source.replace(/\.([cm]?)tsx?$/, '.$1js'));
}

/** The other way round. */
export function sourcePath(outDir: string, emitted: string): string {
  return emitted.slice(outDir.length).replace(/js$/, 'ts');
}

const specifier = /(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

/**
 * What the compiler made: which of it imports which. Imports of types only are not in it, and they
 * don't matter once the types are checked.
 */
export class Emitted {
  readonly #outDir: string;
  readonly #texts = new Map<string, string>();

  constructor(outDir: string) {
    this.#outDir = outDir;
  }

  /** The emitted file of a source, and those that it imports, directly or not, in a fixed order. */
  reach(source: string): readonly string[] {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file) || !existsSync(file)) return;
      seen.add(file);
      for (const [, to = ''] of this.#text(file).matchAll(specifier))
        visit(join(dirname(file), to));
    };
    visit(emittedPath(this.#outDir, source));
    return [...seen];
  }

  /** The same for the same code, imports included. */
  digest(source: string): string {
    const hash = createHash('sha1');
    for (const file of this.reach(source)) hash.update(this.#text(file)).update('\0');
    return hash.digest('hex');
  }

  /** Imports that the compiler understands and Node does not, as `./n`; with the importing source. */
  dangling(source: string): readonly { readonly source: string; readonly to: string }[] {
    return this.reach(source).flatMap((file) =>
      [...this.#text(file).matchAll(specifier)]
        .map(([, to = '']) => ({ source: sourcePath(this.#outDir, file), to }))
        .filter(({ to }) => !existsSync(join(dirname(file), to))),
    );
  }

  #text(file: string): string {
    let text = this.#texts.get(file);
    if (text === undefined) this.#texts.set(file, (text = readFileSync(file, 'utf8')));
    return text;
  }
}
