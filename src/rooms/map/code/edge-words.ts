/** One word or sign of a line of edges; `at` counts UTF-16 units of the text. */
export interface Word {
  readonly kind: 'word' | 'arrow' | 'sign' | 'end' | 'wrong';
  readonly text: string;
  readonly at: number;
}

export const arrows = { '->': 'flow', '=>': 'hard', '~>': 'soft', '^>': 'escalation' } as const;
export type Arrow = keyof typeof arrows;

/** What an id of a node is made of. */
export const idPattern = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_./]|-(?!>))*$/u;

// A hyphen before `>` begins an arrow, so that `a->b` needs no spaces. `:` is of `group:web` and
// `process:checkout`, `*` of globs.
const one =
  /(?<space>[^\S\n]+)|(?<arrow>[-=~^]>)|(?<word>(?:[\p{L}\p{N}_./*:]|-(?!>))+)|(?<sign>[{},~;\n])|(?<wrong>.)/uy;

/** The words of a text; the last one is the end. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  one.lastIndex = 0;
  for (let at = 0; at < text.length; at = one.lastIndex) {
    const found = one.exec(text);
    if (!found) break;
    for (const kind of ['arrow', 'word', 'sign', 'wrong'] as const) {
      const said = found.groups?.[kind];
      if (said !== undefined) words.push({ kind, text: said, at });
    }
  }
  words.push({ kind: 'end', text: '', at: text.length });
  return words;
}
