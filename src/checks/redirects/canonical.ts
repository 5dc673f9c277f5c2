/**
 * The canonical form of addresses, after GOV.UK's optic14n 4 (MIT): two addresses of which the
 * canonical forms are equal are the same page to a redirect map.
 */

/** Parameters of a query that make another page: all of them, or those of these names (lower case). */
export type Significant = 'all' | readonly string[];

const parts = /^(https?):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/;

/** What is escaped in a path: it makes CSV and shells difficult. */
const escaped: Readonly<Record<string, string>> = {
  '[': '%5b',
  ']': '%5d',
  ',': '%2c',
  '"': '%22',
  "'": '%27',
  '|': '%7c',
  '£': '%c2%a3',
};

/**
 * Lower case, `http`, without the slashes at the end of the path, the fragment and the parameters
 * that say nothing; the others in the order of their names. Undefined: it is no address of HTTP.
 */
export function canonical(url: string, significant: Significant = 'all'): string | undefined {
  const text = url.trim().toLowerCase().replaceAll(' ', '%20');
  const found = parts.exec(text);
  if (!found) return undefined;
  const [, , authority = '', path = '', query = ''] = found;
  if (authority === '') return undefined;
  const kept = query === '' ? '' : canonicalQuery(query, significant);
  return `http://${authority}${canonicalPath(path)}${kept === '' ? '' : `?${kept}`}`;
}

function canonicalPath(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  const bare = path.slice(0, end);
  if (!/[[\],"'|£%]/.test(bare)) return bare;
  return bare
    .replaceAll(/[[\],"'|£]/g, (one) => escaped[one] ?? one)
    .replaceAll('%7e', '~')
    .replaceAll('%21', '!');
}

/** `&` and `;` part parameters; `a` and `a=` are not the same. */
function canonicalQuery(query: string, significant: Significant): string {
  const byName = new Map<string, (string | undefined)[]>();
  for (const pair of query.split(/[&;]/)) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = bytesOf(at < 0 ? pair : pair.slice(0, at));
    if (significant !== 'all' && !significant.includes(name)) continue;
    const values = byName.get(name) ?? [];
    byName.set(name, values);
    if (at >= 0) values.push(bytesOf(pair.slice(at + 1)));
  }
  const names = [...byName.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  return names
    .flatMap((name) => {
      const values = byName.get(name) ?? [];
      if (values.length === 0) return [escapeBytes(name)];
      return values.map((value) => `${escapeBytes(name)}=${escapeBytes(value ?? '')}`);
    })
    .join('&');
}

/** Unescapes to bytes, one character each: what is no UTF-8 comes through as well. */
function bytesOf(text: string): string {
  if (/^[\w.*-]*$/.test(text)) return text;
  return Buffer.from(text.replaceAll('+', ' '), 'utf8')
    .toString('latin1')
    .replaceAll(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** As a form is sent: `application/x-www-form-urlencoded`. */
function escapeBytes(bytes: string): string {
  return bytes.replaceAll(/[^\w.*-]/g, (one) =>
    one === ' ' ? '+' : `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** The host of a canonical form, with its port; '' where it is none. */
export const hostOfForm = (key: string): string => /^http:\/\/([^/?]*)/.exec(key)?.[1] ?? '';
