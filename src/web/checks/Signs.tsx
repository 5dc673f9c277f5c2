import type { ReactNode } from 'react';
import type { Check } from '../../server/api/contract-checks.ts';
import { signsOf } from './words.ts';

/** What is to be known of a check beside its state, in words. */
export function Signs({ of }: { readonly of: Check }): ReactNode {
  const signs = signsOf(of);
  if (signs.length === 0) return null;
  return (
    <span className="flex flex-wrap gap-1 text-small">
      {signs.map(({ word, means }) => (
        <span key={word} title={means} className="rounded-small bg-sunken px-1.5 text-soft">
          {word}
        </span>
      ))}
    </span>
  );
}
