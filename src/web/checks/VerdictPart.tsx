import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CheckVerdict } from '../../server/api/contract-checks.ts';
import { Asking } from '../kit/Asking.tsx';
import { counted } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { verdictQuery } from './api.ts';
import { ReleaseBudgets } from './ReleaseBudgets.tsx';

interface VerdictOf {
  readonly application: string;
  readonly environment: string;
  readonly version: string;
}

const marks: Readonly<Record<CheckVerdict['verdict'], readonly [mark: string, word: string]>> = {
  pass: ['ok', 'pass'],
  fail: ['critical', 'fail'],
  'not-enough-evidence': ['unknown', 'not enough evidence yet'],
  'nothing-to-check': ['nothing', 'nothing to check'],
};

/** What the checks that a release has to pass say of it, each with the runs that count. */
export function VerdictPart(of: VerdictOf): ReactNode {
  const found = useQuery(verdictQuery(of));
  if (!found.data) return <Asking of={found} />;
  const { verdict, reason, since, isRecorded, checks } = found.data;
  const [mark, word] = marks[verdict];
  return (
    <div className="flex flex-col gap-2">
      <Asking of={found} />
      <div>
        <p className="flex flex-wrap items-baseline gap-x-3">
          <StateMark state={mark} word={word} />
          {since !== null && (
            <span className="text-small text-soft">
              by runs since <TimeText at={since} />
              {isRecorded && ', as it was recorded'}
            </span>
          )}
        </p>
        <p className="text-small wrap-anywhere text-soft">{reason}</p>
      </div>
      {checks.length > 0 && (
        <ul aria-label="Checks of the release" className="flex flex-col gap-1">
          {checks.map(({ id, name, verdict: one, runs, summary }) => (
            <li
              key={id}
              className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 sm:grid-cols-[minmax(0,1fr)_11rem_4.5rem]"
            >
              <span className="wrap-anywhere">
                <Link to="/checks/$id" params={{ id }} className="text-accent underline">
                  {name}
                </Link>
                {summary !== null && one !== 'pass' && (
                  <span className="block text-small text-soft">{summary}</span>
                )}
              </span>
              <StateMark state={marks[one][0]} word={marks[one][1]} />
              <span className="text-right text-small text-soft tabular-nums">
                {counted(runs, 'run')}
              </span>
            </li>
          ))}
        </ul>
      )}
      <ReleaseBudgets of={found.data} />
    </div>
  );
}

/** The same in a line, for a place where one is shown among many; nothing where nothing is checked. */
export function VerdictLine(of: VerdictOf): ReactNode {
  const { data } = useQuery(verdictQuery(of));
  if (!data || (data.verdict === 'nothing-to-check' && data.budgets.length === 0)) return null;
  const [mark, word] = marks[data.verdict];
  const { missing } = data;
  return (
    <p
      className="flex flex-wrap items-baseline gap-x-1.5"
      title={[data.reason, ...missing.filter((one) => one !== data.reason)].join('; ')}
    >
      <Link
        to="/checks"
        search={{ q: `${of.application} ${of.environment}` }}
        className="text-accent underline"
      >
        Checks
      </Link>
      <StateMark state={mark} word={word} />
      <span className="text-small text-soft">
        {missing.length === 0 ? 'done' : `${counted(missing.length, 'thing')} to do`}
      </span>
    </p>
  );
}
