import { Script, createContext } from 'node:vm';
import { Unknown } from '../run/failed.ts';
import { codeOf } from './connection.ts';

/** Letters of a text that are looked at by an expression. */
const mostLetters = 4 * 1024 * 1024;
/** ms that an expression may take: others wait for it. */
const mostTime = 250;

/** Expressions are run where they can be stopped: V8 looks for an end while it goes back and forth. */
const context = createContext(Object.create(null));
const script = new Script('expression.exec(text)');

/**
 * What an expression finds in a text: the whole and its groups; undefined where it finds nothing.
 * Throws Unknown where it does not come to an end, as `(a+)+$` of a long text.
 */
export function matching(expression: RegExp, text: string): readonly string[] | undefined {
  context['expression'] = expression;
  context['text'] = text.slice(0, mostLetters);
  try {
    const found = script.runInContext(context, { timeout: mostTime }) as RegExpExecArray | null;
    return found ? Array.from(found, (one: string | undefined) => one ?? '') : undefined;
  } catch (error) {
    // It is an error of the other context, and so of another class.
    if (codeOf(error) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    const what = `${expression.toString()} does not come to an end within ${mostTime} ms`;
    throw new Unknown(`${what}: make it simpler`, { cause: error });
  } finally {
    context['expression'] = undefined;
    context['text'] = undefined;
  }
}
