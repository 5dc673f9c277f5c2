import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Field } from '../kit/Field.tsx';
import { type Kind, kinds } from './kinds.ts';
import { SourcesFrame } from './SourcesFrame.tsx';

const groups: readonly Kind['group'][] = ['Metrics', 'Logs', 'Checks', 'Facts'];

/** What a team may have already; each leads to the lines that it needs. */
export function AddPage(): ReactNode {
  const [typed, setTyped] = useState('');
  const fitting = kinds.filter(({ name, brings }) =>
    `${name} ${brings}`.toLowerCase().includes(typed.trim().toLowerCase()),
  );
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
        {fitting.length === 0 && (
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
          <Group key={group} group={group} of={fitting.filter((one) => one.group === group)} />
        ))}
      </div>
    </SourcesFrame>
  );
}

function Group(props: { readonly group: string; readonly of: readonly Kind[] }): ReactNode {
  if (props.of.length === 0) return null;
  return (
    <section className="mt-5">
      <h2 className="label mb-1">{props.group}</h2>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,18rem),1fr))] gap-2">
        {props.of.map(({ id, name, brings }) => (
          <li key={id}>
            <Link
              to="/sources/add/$kind"
              params={{ kind: id }}
              className="block h-full rounded-normal border border-line bg-panel px-3 py-2.5 hover:border-line-strong hover:bg-raised"
            >
              <span className="block font-semibold">{name}</span>
              <span className="block text-small text-soft">{brings}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
