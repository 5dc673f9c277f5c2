import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Asking } from '../../kit/Asking.tsx';
import { Button } from '../../kit/Button.tsx';
import { HealthMark } from '../table/HealthMark.tsx';
import type { MapIndex } from '../table/map-index.ts';
import { simulateQuery } from './api.ts';
import { Section } from './Section.tsx';

interface WhatIfProps {
  readonly id: string;
  readonly index: MapIndex;
  readonly onOpen: (id: string) => void;
}

/** What would become worse if it went down, by the map and by how everything is now. */
export function WhatIf({ id, index, onOpen }: WhatIfProps): ReactNode {
  const [isAsked, setAsked] = useState(false);
  const found = useQuery({ ...simulateQuery([id]), enabled: isAsked });
  return (
    <Section title="What if this went down?">
      {!isAsked && <Button onClick={() => setAsked(true)}>Work it out</Button>}
      {isAsked && <Asking of={found} />}
      {found.data && (
        <div aria-live="polite">
          <p className="wrap-anywhere first-letter:uppercase">{found.data.sentence}</p>
          <Changes
            {...{ index, onOpen }}
            changes={found.data.changes.filter((one) => one.id !== id)}
          />
        </div>
      )}
    </Section>
  );
}

function Changes(props: {
  readonly changes: readonly {
    readonly id: string;
    readonly title: string;
    readonly kind: 'node' | 'process';
    readonly from: Parameters<typeof HealthMark>[0]['state'];
    readonly to: Parameters<typeof HealthMark>[0]['state'];
  }[];
  readonly index: MapIndex;
  readonly onOpen: (id: string) => void;
}): ReactNode {
  const { changes, index, onOpen } = props;
  if (changes.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-col gap-1">
      {changes.map(({ id, title, kind, from, to }) => {
        const own = kind === 'process' && !id.startsWith('process:') ? `process:${id}` : id;
        return (
          <li key={own} className="flex flex-wrap items-baseline justify-between gap-x-3">
            <span className="min-w-0">
              <button
                type="button"
                onClick={() => onOpen(own)}
                className="min-h-6 text-left font-semibold wrap-anywhere text-accent underline"
              >
                {index.thing(own)?.title ?? title}
              </button>
              {kind === 'process' && <span className="text-small text-faint"> process</span>}
            </span>
            <span className="flex items-baseline gap-1.5 text-small">
              <HealthMark state={from} />
              <span aria-hidden="true" className="text-faint">
                →
              </span>
              <span className="sr-only">becomes</span>
              <HealthMark state={to} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
