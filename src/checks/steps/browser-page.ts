import { setTimeout as wait } from 'node:timers/promises';
import type { ConsoleMessage, Locator, Page } from 'playwright-core';
import { Failed, Unknown, Unreached } from '../run/failed.ts';
import type { TakenPage } from '../run/ports.ts';
import type { Part, World } from '../run/world.ts';

/** Errors of a console that are kept. */
const mostErrors = 20;
/** ms that something may take to be on the page; a step's timeout comes before it. */
const mostWait = 5000;
/** ms that are waited for a page to be closed. */
const mostEnd = 2000;
/** Characters of a body that other steps are shown. */
const mostBody = 4 * 1024 * 1024;

/** The page of a scenario, once it has one. */
interface Opened {
  taken: Promise<TakenPage> | undefined;
  readonly errors: string[];
  /** Fields with a secret in them: no picture shows what is in them. */
  readonly secret: Locator[];
}

const opened: Part<Opened> = {
  make: () => ({ taken: undefined, errors: [], secret: [] }),
  end: async ({ taken }) => {
    const back = taken?.then(async (page) => page.back()).catch(() => undefined);
    // One that is still on its way gives itself back when it comes.
    await Promise.race([back, wait(mostEnd, undefined, { ref: false })]);
  },
};

/** What the page's console told as errors, and what its scripts threw. */
export const consoleErrors = (world: World): readonly string[] => world.part(opened).errors;

/** No picture shows what is in the field from now on. */
export const maskField = (world: World, field: Locator): void =>
  void world.part(opened).secret.push(field);

/** So long it is waited for something on the page, ms: time is left to say what is there instead. */
export const waitOf = ({ timeout }: World): number => Math.min(mostWait, timeout * 0.6);

/**
 * Opens an address in the browser. What it answers is what steps about answers look at. Throws
 * Unknown where it may not be gone to, Unreached where nobody answers.
 */
export async function open(world: World, path: string): Promise<void> {
  if (world.host !== undefined || world.authority !== undefined)
    throw new Unknown('the browser takes no other host and no certificate authority of its own');
  const url = world.address(path);
  if (!/^https?:$/.test(url.protocol)) throw new Unknown(`${url.href} is no address of HTTP`);
  const taken = await take(world);
  const page = pageIn(taken);
  world.answer = undefined;
  const started = performance.now();
  try {
    const response = await page.goto(url.href, { timeout: world.timeout, waitUntil: 'load' });
    if (!response) throw new Unknown(`${url.href} gave no answer to look at`);
    refuse(taken, new URL(response.url()));
    const body = (await response.text().catch(() => '')).slice(0, mostBody);
    const headers = await response.allHeaders();
    world.answer = {
      url: response.url(),
      status: response.status(),
      headers,
      body,
      size: Buffer.byteLength(body),
      compressed: headers['content-encoding'] !== undefined,
      ms: performance.now() - started,
      through: [],
    };
  } catch (error) {
    throw whyNot(error, taken, url);
  }
}

/** Does something with the page. Throws Unknown before one was opened, Failed where it can not be done. */
export async function onPage<T>(
  world: World,
  act: (page: Page) => Promise<T>,
  otherwise: string | (() => Promise<string>),
): Promise<T> {
  const { taken } = world.part(opened);
  if (!taken) throw new Unknown('no page was opened before this step');
  const known = await taken;
  try {
    return await act(pageIn(known));
  } catch (error) {
    if (error instanceof Failed || error instanceof Unknown) throw error;
    const lost = known.lost();
    if (lost !== undefined) throw new Unknown(lost, { cause: error });
    const why = typeof otherwise === 'string' ? otherwise : await otherwise();
    throw new Failed(isTimeout(error) ? why : `${why}; ${firstLine(error)}`, { cause: error });
  }
}

/** The beginning of what a page shows, for people. */
export async function shownText(page: Page): Promise<string> {
  const text = await page.innerText('body', { timeout: 1000 }).catch(() => '');
  const words = text.slice(0, 300).replaceAll(/\s+/g, ' ').trim();
  return `${page.url()} shows ${words === '' ? 'nothing' : words}`;
}

async function take(world: World): Promise<TakenPage> {
  const own = world.part(opened);
  const { browsers } = world.surroundings;
  if (!browsers) throw new Unknown('there is no browser here');
  // Before the step is late, which would be a failure of what is tested.
  const patience = AbortSignal.timeout(world.timeout * 0.9);
  const signal = AbortSignal.any([world.signal, patience]);
  own.taken ??= begin(world, browsers.take(world.outbound, signal), own);
  return Promise.race([own.taken, gone(patience)]);
}

const gone = async (patience: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    patience.addEventListener(
      'abort',
      () => reject(new Unknown('no page of the browser was free in time')),
      {
        once: true,
      },
    );
  });

async function begin(
  world: World,
  taking: Promise<TakenPage>,
  { errors, secret }: Opened,
): Promise<TakenPage> {
  const taken = await taking;
  const page = pageIn(taken);
  const tell = (text: string): void => {
    if (errors.length < mostErrors) errors.push(text);
  };
  page.on('console', (message: ConsoleMessage) => {
    const { url } = message.location();
    // The browser asks for it by itself.
    if (message.type() === 'error' && !url.endsWith('/favicon.ico'))
      tell(`${message.text()} (${url})`);
  });
  page.on('pageerror', (error) => tell(String(error)));
  // A dialog that nobody answers would keep the page from going on.
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined));
  world.picture = async () => page.screenshot({ type: 'png', timeout: 4000, mask: secret });
  return taken;
}

// What `src/checks/browser` gives; the port does not know Playwright.
const pageIn = ({ page }: TakenPage): Page => page as Page;

/** A page that the proxy made up, since its host was not reached. */
function refuse(taken: TakenPage, url: URL): void {
  const why = hostTrouble(taken, url);
  if (why) throw why;
}

function hostTrouble(taken: TakenPage, url: URL, cause?: unknown): Error | undefined {
  const found = taken.unreached(hostOf(url));
  if (!found) return undefined;
  if (found.isRefused) return new Unknown(found.why, { cause });
  return new Unreached(`${url.host} can not be reached: ${found.why}`, { cause });
}

function whyNot(error: unknown, taken: TakenPage, url: URL): Error {
  if (error instanceof Failed || error instanceof Unknown) return error;
  const lost = taken.lost();
  if (lost !== undefined) return new Unknown(lost, { cause: error });
  // It may have been led elsewhere before.
  const [, at = ''] = / at (https?:\S+)/.exec(String(error)) ?? [];
  const led = URL.canParse(at) ? hostTrouble(taken, new URL(at), error) : undefined;
  return (
    led ?? hostTrouble(taken, url, error) ?? tunnelTrouble(taken, error) ?? notOpened(error, url)
  );
}

/** A redirect to https that was not followed: Chromium names only where it began. */
function tunnelTrouble(taken: TakenPage, error: unknown): Error | undefined {
  const found = String(error).includes('ERR_TUNNEL_CONNECTION_FAILED') && taken.unreached();
  if (!found) return undefined;
  const Kind = found.isRefused ? Unknown : Unreached;
  return new Kind(found.why, { cause: error });
}

function notOpened(error: unknown, url: URL): Error {
  if (isTimeout(error)) return new Failed(`${url.href} is not loaded in time`, { cause: error });
  const [, code] = /net::(\w+)/.exec(String(error)) ?? [];
  if (code === 'ERR_UNSAFE_PORT')
    return new Unknown(`a browser goes to no port ${url.port}`, { cause: error });
  if (code === undefined)
    return new Failed(`${url.href} can not be opened: ${firstLine(error)}`, { cause: error });
  return new Unreached(`${url.href} can not be opened: ${code}`, { cause: error });
}

const hostOf = (url: URL): string =>
  `${url.hostname.replaceAll(/[[\]]/g, '')}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && error.name === 'TimeoutError';

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
