import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Static } from 'typebox';
import type { Check, CheckAnswer } from '../../server/api/contract-checks.ts';
import { formatDuration } from '../kit/format.ts';
import { AgeText, DueText, TimeText } from '../kit/TimeText.tsx';

const routes: Readonly<Record<Check['route'], string>> = {
  page: 'somebody is woken',
  ticket: 'a ticket is made',
  note: 'it is noted',
};

/** What a check is, where it stands, and what follows from its failure. */
export function AboutCheck({ of }: { readonly of: Static<typeof CheckAnswer> }): ReactNode {
  const { check, firstBadRelease } = of;
  const { standing, next, interval, dependsOn, tags } = check;
  return (
    <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      <Line word="Id">
        <code className="font-mono">{check.id}</code>
      </Line>
      <Line word="Stands in">
        <Place of={check} />
      </Line>
      <Line word="Is run">
        every {formatDuration(interval)}
        {next !== null && (
          <>
            , next <DueText at={next} />
          </>
        )}
      </Line>
      <Line word="When it fails">{consequence(check)}</Line>
      <Line word="Last good">
        {standing.lastGood === null ? (
          'never seen'
        ) : (
          <>
            <TimeText at={standing.lastGood} />, <AgeText at={standing.lastGood} />
          </>
        )}
      </Line>
      {firstBadRelease !== null && <Line word="First bad release">{firstBadRelease}</Line>}
      {dependsOn.length > 0 && (
        <Line word="Needs">
          <Needs of={dependsOn} />
        </Line>
      )}
      {tags.length > 0 && <Line word="Tags">{tags.join(' ')}</Line>}
      <Line word="For Nagios">
        <a
          href={`/api/v1/checks/${encodeURIComponent(check.id)}/nagios`}
          className="text-accent underline"
        >
          its output
        </a>
      </Line>
    </dl>
  );
}

function Line(props: { readonly word: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="contents">
      <dt className="text-soft">{props.word}</dt>
      <dd className="wrap-anywhere">{props.children}</dd>
    </div>
  );
}

const consequence = ({ route, isWarning, isGate }: Check): string =>
  [
    routes[route],
    ...(isWarning ? ['its failure is a warning'] : []),
    ...(isGate ? ['no release passes'] : []),
  ].join('; ');

function Place({ of: { file, line, kind } }: { readonly of: Check }): ReactNode {
  if (kind === 'plugin') return <code className="font-mono">{file}</code>;
  return (
    <Link
      to="/checks/feature"
      search={{ file, line: String(line) }}
      className="font-mono text-accent underline"
    >
      {file}:{line}
    </Link>
  );
}

function Needs({ of }: { readonly of: readonly string[] }): ReactNode {
  return of.map((id) => (
    <Link
      key={id}
      to="/checks/$id"
      params={{ id }}
      className="mr-3 inline-block text-accent underline"
    >
      {id}
    </Link>
  ));
}
