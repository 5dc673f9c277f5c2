import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { StepsAnswer } from '../../server/api/contract-checks.ts';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { FilterField } from '../kit/FilterField.tsx';
import { counted } from '../kit/format.ts';
import { Scrollable } from '../kit/Scrollable.tsx';
import { stepsQuery } from './api.ts';
import { ChecksFrame } from './ChecksFrame.tsx';

type Step = StepsAnswer['steps'][number];

/** Every step and tag that a feature may use, with an example. */
export function StepsPage(): ReactNode {
  const { q = '' } = useSearch({ from: '/inside/checks/steps' });
  const navigate = useNavigate({ from: '/checks/steps' });
  const found = useQuery(stepsQuery);
  const filter = (text: string): void =>
    void navigate({ search: text === '' ? {} : { q: text }, replace: true });
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...texts: readonly string[]): boolean => {
    const said = texts.join('\n').toLowerCase();
    return words.every((word) => said.includes(word));
  };
  const steps = (found.data?.steps ?? []).filter((step) =>
    fits(step.group, step.expression, step.about, ...step.example),
  );
  const tags = (found.data?.tags ?? []).filter(({ tag, about }) => fits(tag, about, 'tags'));
  const groups = [...new Set(steps.map(({ group }) => group))];
  return (
    <ChecksFrame
      title="Steps"
      status={found.data && <span>{counted(found.data.steps.length, 'step')}</span>}
    >
      <div className="flex border-b border-line px-3 py-3 sm:px-5">
        <FilterField
          label="Filter"
          value={q}
          onChange={filter}
          placeholder="Words of a step, its group or a tag"
        />
      </div>
      <Scrollable label="Steps" className="min-h-0 grow overflow-y-auto">
        <Asking of={found} />
        {groups.map((group) => (
          <Group key={group} name={group} steps={steps.filter((step) => step.group === group)} />
        ))}
        {tags.length > 0 && <Tags of={tags} />}
        {found.data && groups.length === 0 && tags.length === 0 && (
          <EmptyState
            title="Nothing fits the filter"
            actions={<Button onClick={() => filter('')}>Clear the filter</Button>}
          >
            <p>
              A step of your own is a few lines of TypeScript beside the features; it stands here as
              soon as its file is saved.
            </p>
          </EmptyState>
        )}
      </Scrollable>
    </ChecksFrame>
  );
}

function Group(props: { readonly name: string; readonly steps: readonly Step[] }): ReactNode {
  return (
    <section aria-label={props.name} className="border-b border-line px-3 py-4 sm:px-5">
      <h2 className="mb-2 text-lead font-semibold">{props.name}</h2>
      <ul className="grid gap-x-8 gap-y-4 xl:grid-cols-2">
        {props.steps.map(({ expression, about, example, own }) => (
          <li key={expression} className="min-w-0">
            <h3 className="font-mono font-semibold wrap-anywhere">{expression}</h3>
            <p className="text-soft">
              <Prose text={about} />
              {own && ' A step of your own.'}
            </p>
            <pre className="mt-1 overflow-x-auto border-l-[3px] border-line px-2 font-mono text-small whitespace-pre-wrap wrap-anywhere">
              {example.join('\n')}
            </pre>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tags({ of }: { readonly of: StepsAnswer['tags'] }): ReactNode {
  return (
    <section aria-label="Tags" className="px-3 py-4 sm:px-5">
      <h2 className="mb-2 text-lead font-semibold">Tags</h2>
      <dl className="grid grid-cols-[minmax(0,12rem)_minmax(0,1fr)] gap-x-4 gap-y-1">
        {of.map(({ tag, about }) => (
          <div key={tag} className="contents">
            <dt className="font-mono wrap-anywhere">{tag}</dt>
            <dd className="text-soft">{about}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What stands between backticks is code. */
function Prose({ text }: { readonly text: string }): ReactNode {
  return text
    .split('`')
    .map((part, i) => (i % 2 === 0 ? part : <code key={`${i} ${part}`}>{part}</code>));
}
