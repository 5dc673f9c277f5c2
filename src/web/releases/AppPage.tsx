import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { WhereApp, WhereLane, WhereRun } from '../../server/api/contract-releases.ts';
import { VerdictLine } from '../checks/VerdictPart.tsx';
import { Asking } from '../kit/Asking.tsx';
import { ApiError } from '../kit/api.ts';
import { counted } from '../kit/format.ts';
import { LogLink } from '../kit/LogLink.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { Channels } from './Channels.tsx';
import { NothingTold } from './NothingTold.tsx';
import { appQuery, staleAfterMs } from './api.ts';
import { DeployTable } from './DeployTable.tsx';
import { Standing, speaks } from './Standing.tsx';
import { shortVersion } from './rows.ts';
import { useHeld } from './use-held.ts';

/** One application: what runs where and because of what, and the deploys that brought it there. */
export function AppPage(): ReactNode {
  const { app } = useParams({ from: '/inside/releases/$app' });
  const found = useQuery(appQuery(app));
  const isUnknown = found.error instanceof ApiError && found.error.status === 404;
  return (
    <Page
      title={app}
      above={
        <Link to="/releases" className="text-accent underline">
          Releases
        </Link>
      }
      actions={
        <Link to="/releases/$app/artefacts" params={{ app }} className="text-accent underline">
          Versions
        </Link>
      }
    >
      <Scrollable label={`Releases of ${app}`} className="min-h-0 grow overflow-y-auto">
        {isUnknown ? <NothingTold /> : <Asking of={found} staleAfterMs={staleAfterMs} />}
        {found.data && !isUnknown && <Known of={found.data} />}
      </Scrollable>
    </Page>
  );
}

function Known({ of }: { readonly of: WhereApp }): ReactNode {
  const held = useHeld();
  return (
    <>
      <h2 className="px-3 pt-2 font-semibold sm:px-5">What runs where</h2>
      <ul
        data-tour="lanes"
        className="grid gap-x-6 gap-y-4 px-3 py-3 sm:px-5 md:grid-cols-2 xl:grid-cols-3"
      >
        {of.lanes.map((lane) => (
          <li key={lane.environment} className="min-w-0 border-t border-line pt-2">
            <h3 className="mb-1 font-semibold wrap-anywhere">{lane.environment}</h3>
            <Standing lane={lane} asked={of.time} gate={held(lane.app, lane.environment)} isWide />
            <Why lane={lane} />
          </li>
        ))}
      </ul>
      <h2 className="px-3 pt-3 pb-1 font-semibold sm:px-5">Deploys</h2>
      <DeployTable deploys={of.history} />
    </>
  );
}

function Why({ lane }: { readonly lane: WhereLane }): ReactNode {
  const { because, verdict, now, previous, runs, evidence = [], contradicted } = lane;
  return (
    <div className="mt-2 flex flex-col gap-1 pl-[11px] text-small text-soft">
      {!speaks.has(verdict) && <p className="wrap-anywhere first-letter:uppercase">{because}.</p>}
      {now && (
        <p className="wrap-anywhere">
          {now.state === 'discovered' ? 'Discovered' : `Told by ${sourcesOf(now.evidence)}`}{' '}
          <Evidence stream="facts" offset={now.evidence.at(-1)?.offset ?? 0}>
            <AgeText at={now.at} />
          </Evidence>
          {now.actor !== undefined && now.actor !== 'unknown' && `, deployed by ${now.actor}`}
        </p>
      )}
      {contradicted && (
        <p>
          Contradicted at two looks in a row{' '}
          <LogLink of={{ stream: 'facts', offset: contradicted.offset, time: contradicted.since }}>
            <AgeText at={contradicted.since} />
          </LogLink>
        </p>
      )}
      <Checked lane={lane} />
      {previous && <p>Before: {shortVersion(previous.version)}</p>}
      {runs.map((run) => (
        <Instances key={run.version} run={run} />
      ))}
      <Channels of={evidence} />
    </div>
  );
}

/** What the checks say of the version that was told last. */
function Checked({ lane: { app, environment, now } }: { readonly lane: WhereLane }): ReactNode {
  const version = now?.version ?? null;
  if (version === null) return null;
  return <VerdictLine application={app} environment={environment} version={version} />;
}

/** Leads to the event that something is known from. */
function Evidence(props: {
  readonly stream: 'facts' | 'readings';
  readonly offset: number;
  readonly children: ReactNode;
}): ReactNode {
  const { stream, offset, children } = props;
  return (
    <Link
      to="/stream"
      search={{ stream, event: `${stream}-${offset}` }}
      className="text-accent underline"
    >
      {children}
    </Link>
  );
}

const sourcesOf = (evidence: readonly { readonly source: string }[]): string =>
  [...new Set(evidence.map(({ source }) => source))].join(', ');

function Instances({ run }: { readonly run: WhereRun }): ReactNode {
  const { version, count, instances } = run;
  const [latest] = instances;
  return (
    <details>
      <summary className="min-h-6 cursor-pointer wrap-anywhere">
        {counted(count, 'instance')} with {shortVersion(version)}
        {latest && (
          <>
            , seen <AgeText at={latest.seen} />
          </>
        )}
      </summary>
      <ul className="pl-4">
        {instances.map(({ name, seen, offset }) => (
          <li key={name} className="wrap-anywhere">
            {name === '' ? 'without a name' : name},{' '}
            <Evidence stream="readings" offset={offset}>
              <AgeText at={seen} />
            </Evidence>
          </li>
        ))}
      </ul>
    </details>
  );
}
