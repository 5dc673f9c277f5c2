import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { GatesStrip } from '../gates/GatesStrip.tsx';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { CardTable } from '../kit/CardTable.tsx';
import { Definitions } from '../kit/Definitions.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { FilterField } from '../kit/FilterField.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import type { Where, WhereLane } from '../../server/api/contract-releases.ts';
import { staleAfterMs, whereQuery } from './api.ts';
import { NothingTold } from './NothingTold.tsx';
import { useHeld } from './use-held.ts';
import { type AppRow, countsOf, rowsOf } from './rows.ts';
import { ReleaseTabs } from './ReleaseTabs.tsx';
import { Standing } from './Standing.tsx';

/** What runs where: applications down, environments across. */
export function ReleasesPage(): ReactNode {
  const { q = '' } = useSearch({ from: '/inside/releases' });
  const navigate = useNavigate({ from: '/releases' });
  const found = useQuery(whereQuery);
  const held = useHeld();
  const beside = ({ app, environment }: WhereLane): string => held(app, environment)?.word ?? '';
  const rows = found.data ? rowsOf(found.data, q, beside) : [];
  const filter = (text: string): void =>
    void navigate({ search: text === '' ? {} : { q: text }, replace: true });
  const isEmpty = found.data?.lanes.length === 0;
  return (
    <Page title="Releases" status={found.data && <span>{countsOf(found.data)}</span>}>
      <ReleaseTabs />
      {!isEmpty && (
        <div className="flex border-b border-line px-3 py-3 sm:px-5">
          <FilterField
            label="Filter"
            value={q}
            onChange={filter}
            placeholder="Application, environment, version or verdict"
          />
        </div>
      )}
      <GatesStrip />
      <Scrollable label="What runs where" className="min-h-0 grow overflow-auto">
        <Asking of={found} staleAfterMs={staleAfterMs} />
        {isEmpty && <NothingTold />}
        {found.data && !isEmpty && rows.length === 0 && (
          <EmptyState
            title="Nothing fits the filter"
            actions={<Button onClick={() => filter('')}>Clear the filter</Button>}
          >
            <p>Every word of it must stand in what is shown of an application.</p>
          </EmptyState>
        )}
        {found.data && rows.length > 0 && (
          <>
            <Rows rows={rows} where={found.data} held={held} />
            <Definitions of={definitions} />
          </>
        )}
      </Scrollable>
    </Page>
  );
}

function Rows(props: {
  readonly rows: readonly AppRow[];
  readonly where: Where;
  readonly held: ReturnType<typeof useHeld>;
}): ReactNode {
  const { rows, held, where } = props;
  const { environments, time } = where;
  const heads = ['Application', ...environments].map((text) => [text, ''] as const);
  return (
    <CardTable label="What runs where" heads={heads}>
      {rows.map(({ app, lanes }) => (
        <tr key={app} className="border-b border-line/60 hover:bg-sunken">
          <th scope="row" className="text-left font-normal">
            <Link
              to="/releases/$app"
              params={{ app }}
              className="inline-block py-1 font-semibold wrap-break-word underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2"
            >
              {app}
            </Link>
          </th>
          {environments.map((environment) => {
            const lane = lanes.get(environment);
            return (
              <td
                key={environment}
                data-name={environment}
                className={`named wide ${lane ? '' : '@max-[52rem]/cards:hidden!'}`}
              >
                {lane ? (
                  <Standing lane={lane} asked={time} gate={held(app, environment)} />
                ) : (
                  <span className="pl-2.5 text-faint">
                    <span aria-hidden="true">–</span>
                    <span className="sr-only">nothing is known</span>
                  </span>
                )}
              </td>
            );
          })}
        </tr>
      ))}
    </CardTable>
  );
}

const definitions = [
  [
    'Verified',
    'Fresh evidence bears the told version out: what a runner sees, at most three of its intervals old, or telemetry (service.version) of the last three minutes.',
  ],
  ['Claimed', 'A deploy was told, and nothing bears it out: unverified.'],
  ['Mixed', 'Several versions run: by what customers get at the front, else by instances.'],
  [
    'Contradicted',
    'What was told and what runs are not the same, or two sources told of different versions at once.',
  ],
  [
    'Unknown',
    'Nobody told what runs there, only of a deploy that has not ended, or the runner can not look.',
  ],
  [
    'S O D F M C B',
    'The channels that agree: what instances say on their own ports, who listens there, the files, the front, the schema of databases, the configuration, the balancer. Behind them how old that is.',
  ],
  [
    'Ago',
    'Beside the version: since it came there; “new”: deployed in the last two hours. Beside the verdict: since what it rests on was seen.',
  ],
  [
    'Behind',
    'Commits that another environment of the application has and this one has not, where the parents of commits are known.',
  ],
] as const;
