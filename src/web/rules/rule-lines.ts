/**
 * The last line of the call that begins at `line` (from 1): where its parentheses are closed again.
 * Quotes and comments are skipped; what it cannot follow ends at the file's end.
 */
export function linesOf(text: string, line: number): number {
  const start = text.split('\n', line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  let depth = 0;
  for (const { 0: token, index } of text.slice(start).matchAll(tokens)) {
    if (token === '(') depth++;
    else if (token === ')' && --depth === 0)
      return line + newlines(text.slice(start, start + index));
  }
  return line + newlines(text.slice(start).trimEnd());
}

/** Comments, texts and regular expressions behind `(`, `,`, `=` or `>` as a whole; parentheses one by one. */
const tokens =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=[(,=>]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|[()]/g;

const newlines = (text: string): number => text.split('\n').length - 1;
