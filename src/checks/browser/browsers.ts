import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Unknown } from '../run/failed.ts';
import type { Outbound } from '../run/outbound.ts';
import type { Browsers, TakenPage } from '../run/ports.ts';
import { Chromium } from './chromium.ts';
import { Places } from './places.ts';
import { openProxy } from './proxy.ts';

/** How the browser is run. */
export interface BrowserOptions {
  /** Path of Chromium or Chrome; undefined: looked for. */
  readonly path?: string | undefined;
  /** Pages at the same time. */
  readonly pages?: number;
  /** Bytes that the browser may take; more ends it. */
  readonly memory?: number;
  /** ms after which a browser that nobody uses is ended. */
  readonly idle?: number;
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * One Chromium for all scenarios, started when one first needs it. Each gets a context of its own, a
 * few at a time; the others wait. None of them goes anywhere but through a proxy that looks at each
 * connection.
 */
export function chromiumBrowsers({
  path,
  pages = 2,
  memory = 1.5 * 2 ** 30,
  idle = 60_000,
}: BrowserOptions = {}): Browsers {
  const places = new Places(pages);
  let chromium: Chromium | undefined;
  const running = (): Chromium => {
    const found = path ?? inPath();
    if (found === undefined)
      throw new Unknown(
        'there is no browser here: neither chromium nor google-chrome is found; give its path in TERRITORY_CHROMIUM',
      );
    if (chromium?.isUsable !== true) chromium = new Chromium({ path: found, memory, idle });
    return chromium;
  };
  return {
    take: async (outbound, signal) => {
      const leave = await places.enter(signal);
      try {
        return await pageIn(running(), outbound, leave);
      } catch (error) {
        leave();
        throw error;
      }
    },
    close: async () => chromium?.close(),
  };
}

/** The first browser in the folders of PATH. */
function inPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function pageIn(
  chromium: Chromium,
  outbound: Outbound,
  leave: () => void,
): Promise<TakenPage> {
  const done = chromium.use();
  const proxy = await openProxy(outbound);
  let context: Awaited<ReturnType<Browser['newContext']>> | undefined;
  let isBack = false;
  const back = async (): Promise<void> => {
    if (isBack) return;
    isBack = true;
    await context?.close().catch(() => undefined);
    proxy.close();
    done();
    leave();
  };
  try {
    const browser = await chromium.browser;
    context = await browser.newContext({
      // Also for this machine itself, which Chromium would go to directly.
      proxy: { server: proxy.address, bypass: '<-loopback>' },
      viewport: { width: 1280, height: 800 },
      locale: 'en',
      acceptDownloads: false,
      serviceWorkers: 'block',
    });
    const page = await context.newPage();
    return { page, unreached: proxy.unreached, lost: () => chromium.lost, back };
  } catch (error) {
    await back();
    if (error instanceof Unknown) throw error;
    throw new Unknown(chromium.lost ?? `the browser gave no page: ${firstLine(error)}`);
  }
}

const firstLine = (error: unknown): string => String(error).split('\n')[0] ?? '';
