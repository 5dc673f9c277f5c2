import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyRequest } from 'fastify';
import type { App } from './app.ts';

/** Paths of the server itself: never answered with the console's page. */
const ours = /^\/(api|docs|openapi\.json|healthz|metrics)(\/|$)/;

/** Files of the build. Deeper paths may end as a file does: `/checks/production.shop.home`. */
const files = /^\/(assets\/.*|[^/]+\.[a-z0-9]+)$/i;

/** Where the build puts the console, seen from sources and from the build itself. */
export function builtConsole(): string {
  const up = import.meta.filename.endsWith('.ts') ? '../../../dist/web' : '../../web';
  return join(import.meta.dirname, up);
}

/** Serves the built console; false, and the API works all the same, when it was not built. */
export async function addConsole(app: App, root: string): Promise<boolean> {
  if (!existsSync(join(root, 'index.html'))) return false;
  await app.register(fastifyStatic, {
    root,
    index: 'index.html',
    wildcard: true,
    cacheControl: false,
    setHeaders: (response, path) => {
      // Vite puts a hash of the content into the names below assets/.
      const forever = path.includes('/assets/');
      response.setHeader(
        'cache-control',
        forever ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  return true;
}

/** Whether a path that no route has may be one of the console's own: it shows its page then. */
export function wantsPage(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0] ?? '';
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  return (
    !ours.test(path) && !files.test(path) && (request.headers.accept ?? '').includes('text/html')
  );
}
