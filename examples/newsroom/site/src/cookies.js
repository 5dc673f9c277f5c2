// @ts-check

/**
 * @param {string | undefined} header
 * @param {string} name
 */
export function cookieOf(header, name) {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** @param {string} session for thirty days */
export const sessionCookie = (session) =>
  `session=${session}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax`;
