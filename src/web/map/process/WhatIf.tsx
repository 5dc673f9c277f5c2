import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { Asking } from '../../kit/Asking.tsx';
import { simulateQuery } from '../drawer/api.ts';
import type { Thing } from '../table/map-index.ts';

/** What would happen to the processes if one of these went down, by the map and by how all is now. */
export function WhatIf({ of }: { readonly of: readonly Thing[] }): ReactNode {
  const id = useId();
  const [down, setDown] = useState('');
  const found = useQuery({ ...simulateQuery([down]), enabled: down !== '' });
  if (of.length === 0) return null;
  return (
    <div className="print:hidden">
      <label htmlFor={id} className="mb-1 block font-semibold">
        What if this went down?
      </label>
      <select
        id={id}
        className="control w-full max-w-72"
        value={down}
        onChange={(e) => setDown(e.target.value)}
      >
        <option value="">Choose one…</option>
        {of.map((thing) => (
          <option key={thing.id} value={thing.id}>
            {thing.title}
          </option>
        ))}
      </select>
      {down !== '' && <Asking of={found} />}
      <p className="mt-1 first-letter:uppercase" aria-live="polite">
        {down !== '' && found.data?.sentence}
      </p>
    </div>
  );
}
