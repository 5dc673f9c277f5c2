/**
 * The value of a CloudEvents header for HTTP: UTF-8, everything but printable ASCII, and also the
 * space, the quote and `%` itself, percent-encoded (HTTP Protocol Binding 1.0.2, 3.1.3.2).
 */
export function encodeHeader(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text)) {
    const asItIs = byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x25;
    encoded += asItIs
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of a CloudEvents header (same clause): a quoted string is unquoted first, then `%` and
 * two hexadecimal digits are a byte of UTF-8; any other `%` stands for itself. Node gives header
 * bytes as Latin-1, so that UTF-8 that was sent unencoded is understood as well. Undefined when the
 * bytes are not UTF-8.
 */
export function decodeHeader(value: string): string | undefined {
  if (/^[\x20\x21\x23\x24\x26-\x7e]*$/.test(value)) return value;
  const text = unquote(value);
  const bytes = /[^\p{ASCII}\u0080-\u00ff]/u.test(text)
    ? Buffer.from(text)
    : Buffer.from(text, 'latin1');
  const decoded = Buffer.alloc(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const hex = bytes[i] === 0x25 ? bytes.subarray(i + 1, i + 3).toString('latin1') : '';
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      decoded[length++] = Number.parseInt(hex, 16);
      i += 2;
    } else decoded[length++] = bytes[i] ?? 0;
  }
  try {
    return utf8.decode(decoded.subarray(0, length));
  } catch {
    return undefined;
  }
}

/** RFC 9110, 5.6.4. */
function unquote(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(value)?.[1];
  return quoted === undefined ? value : quoted.replaceAll(/\\(.)/gs, '$1');
}
