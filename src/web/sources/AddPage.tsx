import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Field } from '../kit/Field.tsx';
import { type Kind, kinds } from './kinds.ts';
import { SourcesFrame } from './SourcesFrame.tsx';
import { type WebhookProduct, webhookProducts } from './webhook-kinds.ts';

const groups: readonly Kind['group'][] = ['Metrics', 'Logs', 'Checks', 'Facts'];
const webhookGroups: readonly WebhookProduct['group'][] = [
  'Code and delivery',
  'Alerts and incidents',
  'Customers',
  'Anything else',
];
const card =
  'block h-full rounded-normal border border-line bg-panel px-3 py-2.5 hover:border-line-strong hover:bg-raised';

/** What a team may have already; each leads to the lines that it needs. */
export function AddPage(): ReactNode {
  const [typed, setTyped] = useState('');
  const fits = ({ name, brings }: Card): boolean =>
    `${name} ${brings}`.toLowerCase().includes(typed.trim().toLowerCase());
  const fitting = kinds.filter(fits);
  const products = webhookProducts.filter(fits);
  return (
    <SourcesFrame title="Add a source">
      <div className="px-3 py-3 sm:px-5">
        <Field
          label="What do you have?"
          type="search"
          placeholder="prometheus, docker, git…"
          value={typed}
          onChange={setTyped}
          className="max-w-96"
        />
        {fitting.length + products.length === 0 && (
          <p className="mt-4 max-w-[75ch] text-soft">
            Nothing here is called that. Whatever can call a URL can send events: take{' '}
            <Link
              to="/sources/add/$kind"
              params={{ kind: 'http' }}
              className="text-accent underline"
            >
              Anything that can speak HTTP
            </Link>
            .
          </p>
        )}
        {groups.map((group) => (
          <Group
            key={group}
            group={group}
            of={fitting.filter((one) => one.group === group)}
            link={({ id }, content) => (
              <Link to="/sources/add/$kind" params={{ kind: id }} className={card}>
                {content}
              </Link>
            )}
          />
        ))}
        {webhookGroups.map((group) => (
          <Group
            key={group}
            group={`${group}, by webhook`}
            of={products.filter((one) => one.group === group)}
            link={({ kind }, content) => (
              <Link to="/sources/add/webhook/$kind" params={{ kind }} className={card}>
                {content}
              </Link>
            )}
          />
        ))}
      </div>
    </SourcesFrame>
  );
}

interface Card {
  readonly name: string;
  readonly brings: string;
}

interface GroupProps<T extends Card> {
  readonly group: string;
  readonly of: readonly T[];
  readonly link: (one: T, content: ReactNode) => ReactNode;
}

function Group<T extends Card>({ group, of, link }: GroupProps<T>): ReactNode {
  if (of.length === 0) return null;
  return (
    <section className="mt-5">
      <h2 className="label mb-1">{group}</h2>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,18rem),1fr))] gap-2">
        {of.map((one) => (
          <li key={one.name}>
            {link(
              one,
              <>
                <span className="block font-semibold">{one.name}</span>
                <span className="block text-small text-soft">{one.brings}</span>
              </>,
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
