import { cut } from '../body.ts';
import { type Path, type Scope, type Wrong, follow, parsePath } from './path.ts';

/** UTF-16 units of what a template makes. */
const maxLength = 8_192;
const maxParts = 64;

/** Text with places in braces: `build/{build.number}`; a brace itself is `{{` or `}}`. */
export interface Template {
  readonly parts: readonly (string | Path)[];
}

/** Reads a template. */
export function parseTemplate(text: string): Template | Wrong {
  const parts: (string | Path)[] = [];
  const pattern = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g;
  for (const found of text.matchAll(pattern)) {
    const [whole, inner] = found;
    if (whole === '{' || whole === '}')
      return {
        wrong: `a single ${whole}: write ${whole}${whole} for the character`,
        at: found.index,
      };
    if (inner === undefined) parts.push(/^([{}])\1$/.test(whole) ? whole.slice(1) : whole);
    else {
      const path = parsePath(inner.trim());
      if ('wrong' in path) return { wrong: path.wrong, at: found.index + 1 + path.at };
      parts.push(path);
    }
  }
  if (parts.length > maxParts) return { wrong: `a template has at most ${maxParts} parts`, at: 0 };
  return { parts };
}

/** The text; undefined when a place in it is empty, so that no half of a name comes about. */
export function fill({ parts }: Template, scope: Scope): string | undefined {
  let text = '';
  for (const part of parts) {
    const piece = typeof part === 'string' ? part : textOf(follow(part, scope));
    if (piece === undefined) return undefined;
    text += piece;
    if (text.length > maxLength) return cut(text, maxLength);
  }
  return cut(text, maxLength);
}

/** A value as text; undefined for what is none: nothing, lists and objects. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : cut(value, maxLength);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
