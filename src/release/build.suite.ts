import { buildRelease } from './build.ts';
import type { BuildRequest, Built } from './job.ts';
import { scratchFolder } from './shop.suite.ts';

/** Builds with everything around it as a test has it, into a store of its own unless one is given. */
export async function build(
  request: Partial<BuildRequest> & { readonly path: string },
): Promise<Built & { readonly store: string }> {
  const store = request.store ?? scratchFolder();
  const built = await buildRelease({
    tag: undefined,
    again: false,
    env: process.env,
    signal: new AbortController().signal,
    now: () => Date.parse('2026-02-01T12:00:00Z'),
    onOutput: () => undefined,
    ...request,
    store,
  });
  return { ...built, store };
}
