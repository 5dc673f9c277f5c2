/** A text with lines put in, and the first of them, from 1. */
export interface Inserted {
  readonly text: string;
  readonly line: number;
}

const heading = /^(\w+):\s*(\{\s*\}|\[\s*\])?\s*(#.*)?$/;

/**
 * Puts lines into a map.yaml where they belong: what stands under `nodes:` in them to the end of
 * `nodes:` in the text, and so on; a part that the text lacks is added at its end. Lines under no
 * heading are edges where they begin with a dash, and nodes otherwise. What the text has is kept
 * as it is written, its comments too.
 */
export function insertSnippet(text: string, snippet: string): Inserted {
  let lines = text.replace(/\s+$/, '').split('\n');
  if (lines.length === 1 && lines[0] === '') lines = [];
  let first = Infinity;
  for (const [part, added] of partsOf(snippet)) {
    const found = lines.findIndex((line) => heading.exec(line)?.[1] === part);
    if (found < 0) {
      first = Math.min(first, lines.length + 3);
      lines = [...lines, ...(lines.length > 0 ? [''] : []), `${part}:`, ...indented(added, '  ')];
      continue;
    }
    const end = endOf(lines, found);
    const indent = /^\s+(?=\S)/.exec(lines[end - 1] ?? '')?.[0] ?? '  ';
    const head = (lines[found] ?? '').replace(/:\s*(\{\s*\}|\[\s*\])/, ':');
    first = Math.min(first, end + 1);
    lines = [
      ...lines.slice(0, found),
      head,
      ...lines.slice(found + 1, end),
      ...indented(added, firstIndent(lines, found, end) ?? indent),
      ...lines.slice(end),
    ];
  }
  return {
    text: `${lines.join('\n')}\n`,
    line: Number.isFinite(first) ? Math.min(first, lines.length) : 1,
  };
}

/** The lines by the part of the map that they belong to, without what they are indented by. */
function partsOf(snippet: string): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  let part: string | undefined;
  for (const line of snippet.split('\n')) {
    if (line.trim() === '') continue;
    const head = heading.exec(line)?.[1];
    if (head === undefined || head.length === 0) {
      const of = part ?? (line.trim().startsWith('- ') ? 'edges' : 'nodes');
      parts.set(of, [...(parts.get(of) ?? []), line]);
    } else part = head;
  }
  return parts;
}

/** Behind the last line of a part that says something. */
function endOf(lines: readonly string[], head: number): number {
  let end = head + 1;
  for (let at = head + 1; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^[^\s#-]/.test(line)) break;
    if (/^(\s+\S|- )/.test(line)) end = at + 1;
  }
  return end;
}

const firstIndent = (lines: readonly string[], head: number, end: number): string | undefined =>
  lines
    .slice(head + 1, end)
    .map((line) => /^(\s*)[^\s#]/.exec(line)?.[1])
    .find((found) => found !== undefined);

function indented(lines: readonly string[], indent: string): string[] {
  const least = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => indent + line.slice(least));
}
