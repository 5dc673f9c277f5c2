/** One cookie (RFC 6265). */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly isSecure: boolean;
  readonly isHttpOnly: boolean;
}

interface Kept extends Cookie {
  readonly domain: string;
  /** It is for exactly this host. */
  readonly isOwn: boolean;
  readonly path: string;
}

/** Cookies of one scenario. */
const most = 100;

/**
 * What a scenario keeps of cookies, as a browser does for its user: by host or domain, by path,
 * secure ones for https alone (RFC 6265, 5.3 and 5.4). It lives shorter than any of them, so that of
 * their ends only those in the past count.
 */
export class Cookies {
  readonly #kept = new Map<string, Kept>();

  /** The header for a request; undefined: there are none. */
  for(url: URL): string | undefined {
    const sent = [...this.#kept.values()].filter(
      (one) =>
        (one.isOwn ? url.hostname === one.domain : isWithin(url.hostname, one.domain)) &&
        isBelow(url.pathname, one.path) &&
        (!one.isSecure || url.protocol === 'https:'),
    );
    const inOrder = sent.toSorted((a, b) => b.path.length - a.path.length);
    return sent.length === 0
      ? undefined
      : inOrder.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  /** @param now ms since the epoch, UTC */
  take(url: URL, lines: readonly string[], now: number): void {
    for (const line of lines) {
      const cookie = cookieOf(line);
      if (cookie) this.#takeOne(url, line, { cookie, now });
    }
  }

  #takeOne(
    url: URL,
    line: string,
    { cookie, now }: { readonly cookie: Cookie; readonly now: number },
  ): void {
    const of = attributesOf(line);
    const domain = domainOf(url, of.get('domain'));
    if (domain === undefined) return;
    const path = of.get('path') ?? '';
    const kept: Kept = {
      ...cookie,
      ...domain,
      path: path.startsWith('/') ? path : url.pathname.replace(/\/[^/]*$/, '') || '/',
    };
    const key = JSON.stringify([kept.domain, kept.path, kept.name]);
    this.#kept.delete(key);
    if (!isOver(of, now) && this.#kept.size < most) this.#kept.set(key, kept);
  }
}

/** What a Set-Cookie says; undefined: it is none. */
export function cookieOf(line: string): Cookie | undefined {
  const [pair = ''] = line.split(';');
  const at = pair.indexOf('=');
  if (at < 1) return undefined;
  const of = attributesOf(line);
  return {
    name: pair.slice(0, at).trim(),
    value: pair.slice(at + 1).trim(),
    isSecure: of.has('secure'),
    isHttpOnly: of.has('httponly'),
  };
}

function attributesOf(line: string): ReadonlyMap<string, string> {
  const [, ...rest] = line.split(';');
  return new Map(
    rest.map((one) => {
      const [name = '', ...value] = one.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()];
    }),
  );
}

/** Who a cookie is for; undefined: for somebody who is not its server's to name. */
function domainOf(url: URL, said = ''): Pick<Kept, 'domain' | 'isOwn'> | undefined {
  const domain = said.replace(/^\./, '').toLowerCase();
  if (domain === '') return { domain: url.hostname, isOwn: true };
  // A name without a dot is nobody's own, but of this very host.
  const isName = domain.includes('.') || domain === url.hostname;
  return isName && isWithin(url.hostname, domain) ? { domain, isOwn: false } : undefined;
}

function isOver(of: ReadonlyMap<string, string>, now: number): boolean {
  const age = of.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) <= 0;
  const end = Date.parse(of.get('expires') ?? '');
  return !Number.isNaN(end) && end <= now;
}

const isWithin = (host: string, domain: string): boolean =>
  host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$/.test(host));

const isBelow = (path: string, above: string): boolean =>
  path === above || path.startsWith(above.endsWith('/') ? above : `${above}/`);
