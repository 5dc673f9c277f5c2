import type { Action, AgentName, Visit } from '../plan/visits.ts';
import { setTimeout as pause } from 'node:timers/promises';

/** As these browsers name themselves. */
const agents: Readonly<Record<AgentName, string>> = {
  chrome:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
  safari:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
};

/** Nobody waits longer for a page, ms. */
const patience = 10_000;

export interface Browsing {
  /** Address of the site. */
  readonly site: string;
  readonly speed: number;
  readonly signal: AbortSignal;
  /** Called for every answer, and with 0 for one that did not come. */
  readonly onAnswer: (action: Action['kind'], status: number) => void;
}

/** One visitor with a browser's memory: the page before, and the cookie. */
export async function visit({ agent, actions }: Visit, browsing: Browsing): Promise<void> {
  const tab: Tab = { agent, page: '', cookie: undefined, item: undefined };
  for (const { after, action } of actions) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    await pause((after * 1000) / browsing.speed, undefined, { signal: browsing.signal });
    const request = requestFor(action, tab);
    if (request === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- as above
    const status = await ask(request, tab, browsing);
    browsing.onAnswer(action.kind, status);
    // Whose page did not come goes away.
    if (status === 0) return;
  }
}

interface Tab {
  readonly agent: AgentName;
  page: string;
  cookie: string | undefined;
  /** The clip that is looked at. */
  item: string | undefined;
}

interface Request {
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
}

/** Undefined where the page before has nothing to do it with. */
function requestFor(action: Action, tab: Tab): Request | undefined {
  switch (action.kind) {
    case 'home':
      return { path: '/' };
    case 'search':
      return { path: `/search?q=${encodeURIComponent(action.query)}` };
    case 'look': {
      tab.item = itemOn(tab.page, action.nth);
      return tab.item === undefined ? undefined : { path: `/items/${tab.item}` };
    }
    case 'sign-up':
      return { path: '/sign-up', form: { name: action.name, email: action.email } };
    case 'order':
      if (tab.item === undefined) return undefined;
      return {
        path: '/orders',
        form: { item: decodeURIComponent(tab.item), kind: action.offer, email: action.email },
      };
    case 'write': {
      const { email, subject, text } = action;
      return { path: '/support', form: { email, subject, text } };
    }
  }
}

/** The nth clip that a page links to, from the beginning again where there are fewer. */
function itemOn(page: string, nth: number): string | undefined {
  const all = [...new Set([...page.matchAll(/href="\/items\/([^"?#]+)"/g)].map(([, id]) => id))];
  return all[nth % Math.max(1, all.length)];
}

/** The status of the answer, after redirects; 0 when none came. */
async function ask(request: Request, tab: Tab, browsing: Browsing): Promise<number> {
  try {
    let answer = await send(request, tab, browsing);
    for (let hop = 0; hop < 3; hop += 1) {
      const next = answer.headers.get('location');
      if (next?.startsWith('/') !== true) break;
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as a browser
      answer = await send({ path: next }, tab, browsing);
    }
    return answer.status;
  } catch (error) {
    if (browsing.signal.aborted) throw error;
    return 0;
  }
}

async function send(
  { path, form }: Request,
  tab: Tab,
  { site, signal }: Browsing,
): Promise<Response> {
  const headers = new Headers({ 'user-agent': agents[tab.agent] });
  if (tab.cookie !== undefined) headers.set('cookie', tab.cookie);
  const answer = await fetch(`${site}${path}`, {
    method: form ? 'POST' : 'GET',
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
    headers,
    body: form ? new URLSearchParams(form) : null,
  });
  tab.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? tab.cookie;
  tab.page = await answer.text();
  return answer;
}
