/** Where a request goes, and what it asks for there. */
export interface Place {
  /** `http://host:port`. */
  readonly origin: string;
  readonly port: number;
  /** The host as it is connected to, without brackets. */
  readonly host: string;
  /** What is asked for, as `Host`. */
  readonly asks: string;
  /** Whether it is the base that all is asked for at. */
  readonly isBase: boolean;
  /** As it is sent. */
  readonly path: string;
}

/** Finds where addresses go. Undefined: it is no address of HTTP. */
export type PlaceOf = (url: string) => Place | undefined;

const parts = /^(https?):\/\/([^/?#]*)([^#]*)/i;

/**
 * Every address at its own place; with `base`, those of the map's own hosts at the base, where
 * their host is asked for. A path is sent byte for byte as it is written: the URL standard would
 * make `/a/../b` another one. Only what can not be sent is escaped.
 */
export function placesBy(base: string | undefined, ownHosts: ReadonlySet<string>): PlaceOf {
  const known = new Map<string, Omit<Place, 'path'> | undefined>();
  const at = base === undefined ? undefined : targetOf(new URL(base));
  return (url) => {
    const found = parts.exec(url);
    if (!found) return undefined;
    const [, scheme = '', authority = '', rest = ''] = found;
    const key = `${scheme.toLowerCase()}://${authority}`;
    if (!known.has(key)) known.set(key, aimed(key, at, ownHosts));
    const target = known.get(key);
    return target && { ...target, path: sendable(rest) };
  };
}

type Target = Pick<Place, 'origin' | 'port' | 'host'>;

function aimed(
  origin: string,
  at: Target | undefined,
  ownHosts: ReadonlySet<string>,
): Omit<Place, 'path'> | undefined {
  if (!URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  if (url.username !== '' || url.password !== '') return undefined;
  const own = targetOf(url);
  const isBase = at !== undefined && ownHosts.has(url.host);
  return { ...(isBase ? at : own), asks: url.host, isBase };
}

function targetOf(url: URL): Target {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  return { origin: url.origin, port, host: url.hostname.replaceAll(/[[\]]/g, '') };
}

function sendable(rest: string): string {
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return path.replaceAll(/[^\u0021-\u007e]+/g, (some) => encodeURIComponent(some));
}

/** The hosts of addresses, with their ports where they say one. */
export function hostsOf(urls: Iterable<string>): ReadonlySet<string> {
  const authorities = new Set<string>();
  for (const url of urls) {
    const authority = parts.exec(url);
    if (authority) authorities.add(`${authority[1]}://${authority[2]}`);
  }
  return new Set([...authorities].flatMap((one) => (URL.canParse(one) ? [new URL(one).host] : [])));
}
