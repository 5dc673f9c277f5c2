import { evidenceType } from '../../rooms/where/evidence/evidence.ts';
import type { AccountBook } from '../accounts/book.ts';
import { fitsPatterns, rightsOf } from '../accounts/rights.ts';

const ofTokens = '/tokens/';

/**
 * Whether a sender may tell what runs: one that may act, a runner, or whose scope names the type. A
 * token that may only send does not, else any application could say that another one is well. The
 * source is the one that the intake stamped, which no event can choose.
 */
export function trustedSenders(book: Pick<AccountBook, 'tokens'>): (source: string) => boolean {
  return (source) => {
    if (!source.startsWith(ofTokens)) return false;
    const name = decodeURIComponent(source.slice(ofTokens.length));
    const token = [...book.tokens.values()].find((one) => one.name === name);
    if (!token) return false;
    const { may, types } = token.scope;
    if (types !== undefined) return fitsPatterns(evidenceType, types);
    return rightsOf(may).has('act') || rightsOf(may).has('deploy');
  };
}
