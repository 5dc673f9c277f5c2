import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ReadyRules } from '../../server/api/contract-library.ts';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { libraryQuery, rulesApi } from './api.ts';
import { RulesFrame } from './RulesFrame.tsx';

/** Rules that come with Territory, off until they are chosen. */
export function LibraryPage(): ReactNode {
  const found = useQuery(libraryQuery);
  const ready = found.data?.ready ?? [];
  const refusal = useRefusal('administer');
  return (
    <RulesFrame
      title="Ready rules"
      status={found.data && `${ready.filter((one) => one.chosen).length} of ${ready.length} chosen`}
    >
      <Asking of={found} />
      {found.data && (
        <p className="max-w-[75ch] px-3 py-3 text-soft sm:px-5">
          Choosing one copies its file into the rules directory, where it runs at once and is yours
          to change. Try it on the past first: nothing is sent there.
          {refusal !== undefined && ` ${refusal}.`}
        </p>
      )}
      <ul className="border-t border-line">
        {ready.map((one) => (
          <Ready key={one.id} one={one} />
        ))}
      </ul>
    </RulesFrame>
  );
}

/** A text in which names of the language stand between backticks. */
function Words({ text }: { readonly text: string }): ReactNode {
  return text.split('`').map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      // oxlint-disable-next-line react/no-array-index-key -- the parts of a text that does not change
      <code key={i} className="font-mono text-small">
        {part}
      </code>
    ),
  );
}

function Ready({ one }: { readonly one: ReadyRules }): ReactNode {
  const queries = useQueryClient();
  const refusal = useRefusal('administer');
  const choose = useMutation({
    mutationFn: () => rulesApi.choose(one.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['rules'] }),
  });
  const word = choose.isPending ? 'One moment…' : one.chosen ? 'Chosen' : 'Choose';
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-x-6 gap-y-2 border-b border-line px-3 py-4 sm:px-5 lg:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <h2 className="flex flex-wrap items-center gap-x-3 text-lead font-semibold">
          {one.id} {one.chosen && <StateMark state="ok" word="chosen" />}
        </h2>
        <p className="max-w-[75ch]">
          <Words text={one.about} />
        </p>
        <dl className="mt-1 grid max-w-[85ch] grid-cols-[4.5rem_minmax(0,1fr)] gap-x-3 text-soft">
          <dt className="text-faint">needs</dt>
          <dd>
            <Words text={one.needs} />
          </dd>
          <dt className="text-faint">change</dt>
          <dd>
            <Words text={one.change} />
          </dd>
        </dl>
        <details className="mt-1">
          <summary className="min-h-6 cursor-pointer text-soft">Source</summary>
          <Scrollable
            label={`Source of ${one.id}`}
            className="mt-2 overflow-x-auto rounded-normal border border-line bg-sunken p-3 font-mono text-small"
          >
            <pre>{one.source}</pre>
          </Scrollable>
        </details>
        {choose.error && <ErrorNotice error={choose.error} />}
        {choose.data && (
          <Notice look="plain">
            Copied to <code className="font-mono">{choose.data.file}</code>; it runs within a
            second.
          </Notice>
        )}
      </div>
      <div className="flex flex-wrap items-start gap-2">
        <Link
          to="/rules/backtest"
          search={{ ready: one.id }}
          className="inline-flex h-12 items-center rounded-normal border border-line-strong/60 bg-raised px-4 hover:bg-sunken sm:h-8 sm:px-2.5"
        >
          Try on the past
        </Link>
        <Button
          isBig
          look={one.chosen ? 'plain' : 'primary'}
          because={one.chosen ? 'It is in the rules directory already' : refusal}
          aria-label={`${word}: ${one.id}`}
          onClick={() => choose.mutate()}
        >
          {word}
        </Button>
      </div>
    </li>
  );
}
