import { type LineCounter, isNode, isScalar } from 'yaml';
import type { MappingProblem } from './mapping.ts';

/** Problems that are told at once. */
const maxProblems = 50;

/** Where a field stands and what it is called. */
export interface Place {
  readonly name: string;
  /** Offset of its name in the text. */
  readonly at: number;
}

/** Gathers what is wrong with a text, with lines and columns. */
export class MappingReader {
  readonly problems: MappingProblem[] = [];
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  report(offset: number, message: string, field?: string): void {
    if (this.problems.length >= maxProblems) return;
    const { line, col } = this.#lines.linePos(offset);
    const place = { line: Math.max(1, line), column: Math.max(1, col) };
    this.problems.push({ message, ...(field !== undefined && { field }), ...place });
  }

  /** Where a node begins; 0 for what is none. */
  offset(node: unknown): number {
    return isNode(node) ? (node.range?.[0] ?? 0) : 0;
  }

  /** A character inside a plain text; as near as quotes allow. */
  within(node: unknown, character: number, otherwise: number): number {
    if (!isNode(node) || !node.range) return otherwise;
    const [start, end] = node.range;
    const quote = isScalar(node) && node.type?.startsWith('QUOTE') === true ? 1 : 0;
    return Math.min(start + quote + character, Math.max(start, end - 1));
  }
}
