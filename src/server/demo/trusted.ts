import { alertsSource } from '../../rooms/alerts/facts.ts';
import { checksSource } from '../../rooms/checks/run.ts';
import { deploysSource } from '../../rooms/deploys/facts.ts';
import { mapSource } from '../../rooms/map/facts.ts';
import type { AccountBook } from '../accounts/book.ts';
import { rightsOf } from '../accounts/rights.ts';

const rooms: ReadonlySet<string> = new Set([alertsSource, checksSource, deploysSource, mapSource]);
const ofTokens = '/tokens/';

/**
 * Whose facts the room of the demo folds: those of other rooms, and of tokens that may act. One that
 * may only send could say that chaos goes on, or that there is none.
 */
export function trustedTellers(book: Pick<AccountBook, 'tokens'>): (sender: string) => boolean {
  return (sender) => {
    if (rooms.has(sender)) return true;
    if (!sender.startsWith(ofTokens)) return false;
    const name = decodeURIComponent(sender.slice(ofTokens.length));
    const token = [...book.tokens.values()].find((one) => one.name === name);
    return token !== undefined && rightsOf(token.scope.may).has('act');
  };
}
