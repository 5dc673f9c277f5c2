import { setMaxListeners } from 'node:events';
import type { Company } from '../company.ts';
import { openAccounts } from './accounts.ts';
import { develop } from './developers.ts';
import { answerLetters } from './help-desk.ts';
import { Memory } from './memory.ts';
import type { Office } from './office.ts';
import { onCall } from './on-call.ts';

/**
 * The people of the company, each at their own work: developers commit and ship, whoever is on call
 * takes back what does harm, the help desk answers letters. When one can't go on, all begin anew.
 */
export async function runLife(company: Company): Promise<void> {
  const as = await openAccounts(company);
  const failed = new AbortController();
  const signal = AbortSignal.any([company.signal, failed.signal]);
  // All that people wait for listens to it: no leak, however many.
  setMaxListeners(0, signal);
  const office: Office = {
    company: { ...company, signal },
    as,
    memory: new Memory(company.places.home),
  };
  const all = [develop, onCall, answerLetters].map(async (work) => {
    try {
      await work(office);
    } catch (error) {
      failed.abort();
      throw error;
    }
  });
  const ended = await Promise.allSettled(all);
  if (company.signal.aborted) return;
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
