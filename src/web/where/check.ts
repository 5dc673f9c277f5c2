import { parseWhere } from '../../event/where/parse.ts';

/** What is wrong with a filter and where: column from 1, and how many characters it is about. */
export interface Fault {
  readonly message: string;
  readonly column: number;
  readonly length: number;
}

/** Reads a filter as the server will; undefined when it is right or empty. */
export function faultOf(text: string): Fault | undefined {
  if (text.trim() === '') return undefined;
  try {
    parseWhere(text);
    return undefined;
  } catch (error) {
    const column = columnOf(error);
    const word = /^(\w+|\s*\S)/.exec(text.slice(column - 1));
    return {
      message: error instanceof Error ? error.message : String(error),
      column,
      length: word?.[0].length ?? 1,
    };
  }
}

/** The parser throws coded errors, whose class lives in a layer that the web may not import. */
function columnOf(error: unknown): number {
  if (!(error instanceof Error) || !('details' in error)) return 1;
  const { details } = error;
  const column = typeof details === 'object' && details && 'column' in details ? details.column : 1;
  return typeof column === 'number' ? column : 1;
}
