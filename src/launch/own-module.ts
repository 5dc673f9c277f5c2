/** Where one of our modules lies, and the flags that Node needs to run it in another thread or process. */
export interface OwnModule {
  readonly url: URL;
  readonly execArgv: readonly string[];
}

/**
 * Finds a module beside the caller for a Worker or a child process. The build rewrites `.ts` to
 * `.js` in import statements only, not in strings, so this does it for the started modules; from
 * sources (tests, development) Node needs tsx to run TypeScript.
 *
 * @param base the caller's `import.meta.url`
 * @param path relative to it, ending in `.ts`
 */
export function ownModule(base: string, path: string): OwnModule {
  const fromSources = base.endsWith('.ts');
  const url = new URL(fromSources ? path : path.replace(/\.ts$/, '.js'), base);
  return { url, execArgv: fromSources ? ['--import', typeScriptLoader()] : [] };
}

/** `--import tsx` does nothing in a worker thread of Node 20; calling its `register` there does. */
function typeScriptLoader(): string {
  const api = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `data:text/javascript,${encodeURIComponent(`import { register } from ${api}; register();`)}`;
}
