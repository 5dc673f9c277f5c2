import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Asking } from '../kit/Asking.tsx';
import { formatCount } from '../kit/format.ts';
import { Definitions } from '../kit/Definitions.tsx';
import { rulesQuery } from './api.ts';
import { FileProblems } from './FileProblems.tsx';
import { NoRules } from './NoRules.tsx';
import { RulesFrame } from './RulesFrame.tsx';
import { RuleTable } from './RuleTable.tsx';

const staleAfterMs = 15_000;

/** What runs now, what it costs and decides, and what is wrong with the files. */
export function RulesPage(): ReactNode {
  const found = useQuery(rulesQuery);
  const { data } = found;
  const rules = data?.rules ?? [];
  const isEmpty = data !== undefined && rules.length === 0;
  return (
    <RulesFrame
      title="Rules"
      status={rules.length > 0 && <Summary states={rules.map((rule) => rule.state)} />}
      actions={
        <Link
          to="/rules/backtest"
          className="inline-flex h-8 items-center rounded-normal border border-line-strong/60 bg-raised px-2.5 hover:bg-sunken"
        >
          Try one on the past
        </Link>
      }
    >
      <Asking of={found} staleAfterMs={staleAfterMs} />
      {data && <FileProblems files={data.files} />}
      {isEmpty && <NoRules directory={data.directory} />}
      {data && rules.length > 0 && (
        <>
          <RuleTable rules={rules} />
          <Definitions of={definitions} />
          <p className="px-3 pb-6 text-small text-faint sm:px-5">
            {formatCount(data.files.length)} files in{' '}
            <code className="font-mono">{data.directory}</code>, watched: saving one puts it in
            force within a second.
          </p>
        </>
      )}
    </RulesFrame>
  );
}

function Summary({ states }: { readonly states: readonly string[] }): ReactNode {
  const words = ['running', 'warming', 'stopped']
    .map((state) => [states.filter((one) => one === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`);
  return <span>{words.join(', ')}</span>;
}

const definitions = [
  [
    'Events/s',
    'Events that the rule was given in the last seconds, whether its filter took them or not.',
  ],
  ['Taken', 'Events that got past its first filter, since it was started.'],
  ['Decisions', 'What it decided since it was started: emitted, alerted, notified, scaled.'],
  ['Cost', 'Time spent in the rule for each event it was given, the mean since it was started.'],
  [
    'Keys',
    'Combinations of the labels in “by” that it keeps something for, of at most so many. Beyond, events of further keys are left out and it is said on the stream.',
  ],
  ['Late', 'Events that came after their window had been closed: counted and left out.'],
  [
    'Errors',
    'Events that made the rule throw: skipped. Ten within a minute stop the rule, and no other.',
  ],
  ['Warming', 'Reading the log again, to fill what the rule remembers; it decides nothing yet.'],
] as const;
