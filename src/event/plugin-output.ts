/**
 * What plugins of Nagios print: Monitoring Plugins Development Guidelines, "Plugin Output", and
 * "Plugin Output Spec" of Nagios 4. Pure.
 */

/** What a plugin printed, in its parts. */
export interface PluginOutput {
  /** The first line, up to the bar. */
  readonly output: string;
  /** The lines behind it, up to the next bar; empty where there are none. */
  readonly long: string;
  /** All performance data, in one line. */
  readonly perfData: string;
}

/**
 * The first line is `text | data`; more lines are long text up to the next `|`, and data behind it.
 */
export function splitOutput(all: string): PluginOutput {
  const firstEnd = all.indexOf('\n');
  const first = firstEnd < 0 ? all : all.slice(0, firstEnd);
  const rest = firstEnd < 0 ? '' : all.slice(firstEnd + 1);
  const [output, data] = atPipe(first);
  const [long, more] = atPipe(rest);
  const perfData = [data.trim(), more.replaceAll('\n', ' ').trim()].filter((one) => one !== '');
  return { output: output.trim(), long: long.trimEnd(), perfData: perfData.join(' ') };
}

function atPipe(text: string): readonly [before: string, after: string] {
  const pipe = text.indexOf('|');
  return pipe < 0 ? [text, ''] : [text.slice(0, pipe), text.slice(pipe + 1)];
}

/** `\n` and `\\` are how lines are kept in one: external commands, NSCA and NRDP all do so. */
export function unescapeLines(text: string): string {
  return text.replaceAll(/\\([n\\])/g, (_, one: string) => (one === 'n' ? '\n' : '\\'));
}

/** The reverse of `unescapeLines`: a text of many lines in one. */
export function escapeLines(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Text of plugins, which say no encoding: UTF-8 where it is that, else Latin-1. */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
}
