/** One line of a unified diff. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'deleted' | 'gap';
  /** From 1; undefined where that side has none. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly text: string;
}

/**
 * A unified diff (GNU diffutils, "Detailed Unified") as lines with their numbers on both sides. Each
 * hunk begins with a `gap`, whose text is what its head says of the place.
 */
export function readUnified(text: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let before = 0;
  let after = 0;
  for (const line of text.split('\n')) {
    const [, old, fresh, place] = head.exec(line) ?? [];
    if (old !== undefined && fresh !== undefined) {
      before = Number(old);
      after = Number(fresh);
      lines.push({ kind: 'gap', before: undefined, after: undefined, text: place ?? '' });
      continue;
    }
    const rest = line.slice(1);
    if (line.startsWith('+'))
      lines.push({ kind: 'added', before: undefined, after: after++, text: rest });
    else if (line.startsWith('-'))
      lines.push({ kind: 'deleted', before: before++, after: undefined, text: rest });
    else if (line.startsWith(' '))
      lines.push({ kind: 'same', before: before++, after: after++, text: rest });
  }
  return lines;
}

const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/;
