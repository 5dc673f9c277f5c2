const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Text of plugins, which say no encoding: UTF-8 where it is that, else Latin-1. */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
}
