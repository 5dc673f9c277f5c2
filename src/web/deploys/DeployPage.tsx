import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Deploy } from '../../server/api/contract-deploys.ts';
import { VerdictPart } from '../checks/VerdictPart.tsx';
import { useNow } from '../kit/clock.ts';
import { formatDuration } from '../kit/format.ts';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { Part } from '../kit/Part.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText, TimeText } from '../kit/TimeText.tsx';
import { Aftermath } from './Aftermath.tsx';
import { DecideBar, ProofLine } from './DecideBar.tsx';
import { GateList } from './GateList.tsx';
import { KeyCharts } from './KeyCharts.tsx';
import { type LiveDeploy, useLiveDeploy } from './live.ts';
import { LogPane } from './LogPane.tsx';
import { SmokeList } from './SmokeList.tsx';
import { StageList } from './StageList.tsx';
import { courseOf, isOver, stateMarks, titleOf } from './words.ts';

/** One deploy as it happens: who deploys watches here. */
export function DeployPage(): ReactNode {
  const { id } = useParams({ from: '/inside/deploys/$id' });
  return <Followed key={id} id={id} />;
}

function Followed({ id }: { readonly id: string }): ReactNode {
  const live = useLiveDeploy(id);
  const { deploy } = live;
  return (
    <Page
      title={deploy ? titleOf(deploy) : 'A deploy'}
      status={deploy && <Status deploy={deploy} />}
      actions={deploy && <DecideBar deploy={deploy} />}
      above={
        <Link to="/deploys" className="text-accent underline">
          Deploys
        </Link>
      }
    >
      <Scrollable label="Deploy" className="min-h-0 grow overflow-y-auto">
        <Connection live={live} />
        {deploy && <Known deploy={deploy} live={live} />}
      </Scrollable>
    </Page>
  );
}

function Connection({ live }: { readonly live: LiveDeploy }): ReactNode {
  const { deploy, lostAt, refusal } = live;
  if (refusal) return <ErrorNotice error={refusal} />;
  if (lostAt !== undefined)
    return (
      <Notice look="warning">
        <strong className="font-semibold">Not followed any more</strong> since{' '}
        <AgeText at={lostAt} />: what you see may be old. It is tried again. The deploy goes on
        without this page.
      </Notice>
    );
  if (deploy) return null;
  return (
    <output className="block p-5 text-soft">
      <span className="breathe">Asking…</span>
    </output>
  );
}

function Status({ deploy }: { readonly deploy: Deploy }): ReactNode {
  const now = useNow();
  const [mark, word] = stateMarks[deploy.state];
  const course = courseOf(deploy, now);
  return (
    <>
      <StateMark state={mark} word={word} />
      {course && (
        <span className="tabular-nums">
          {formatDuration(Math.floor(course.ran / 1000) * 1000)}
          {!isOver(deploy) &&
            deploy.expected !== null &&
            ` of about ${formatDuration(deploy.expected)}`}
        </span>
      )}
      {course?.part !== undefined && (
        <progress value={course.part} max={1} aria-label="Expected course" className="h-2 w-32" />
      )}
      {deploy.position !== null && <span>{ordinal(deploy)}</span>}
      {deploy.verified !== null && (
        <span className="text-ok">
          verified <AgeText at={deploy.verified} />
        </span>
      )}
    </>
  );
}

const ordinal = ({ position, eta }: Deploy): ReactNode => (
  <>
    number {position} in its lane
    {eta !== null && (
      <>
        , begins about <TimeText at={eta} />
      </>
    )}
  </>
);

function Known({ deploy, live }: { readonly deploy: Deploy; readonly live: LiveDeploy }) {
  const { broken, reason, waiting, state } = deploy;
  return (
    <>
      {broken && (
        <Notice look="critical">
          <strong className="font-semibold">{broken.by} broke the glass</strong> through{' '}
          {broken.rules.join(', ')}: {broken.reason}
        </Notice>
      )}
      {reason !== null && (
        <Notice look={state === 'succeeded' ? 'plain' : 'critical'}>{reason}</Notice>
      )}
      <div className="grid gap-x-8 gap-y-6 px-3 py-4 sm:px-5 xl:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          {waiting.length > 0 && (
            <Part title="It waits">
              <GateList of={waiting} label="Why it waits" />
            </Part>
          )}
          <Part title="Stages">
            <StageList deploy={deploy} />
          </Part>
          <Part title="Smoke test">
            <SmokeList of={deploy.smoke} isOver={isOver(deploy)} />
          </Part>
          <Part title="Checks of the release">
            <VerdictPart
              application={deploy.app}
              environment={deploy.environment}
              version={deploy.version}
            />
          </Part>
          <Part title="About it">
            <About deploy={deploy} />
          </Part>
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <LogPane live={live} />
          <Part title="Its numbers, the last 3 h" tour="recovered">
            <KeyCharts deploy={deploy} />
          </Part>
          <Part title="What came after">
            <Aftermath deploy={deploy} />
          </Part>
        </div>
      </div>
    </>
  );
}

function About({ deploy }: { readonly deploy: Deploy }): ReactNode {
  const { app, environment, requested, previous, level, risks, runner, heard, proof } = deploy;
  return (
    <div className="flex flex-col gap-1 text-small wrap-anywhere">
      <p>
        Asked for by {requested.by}, <TimeText at={requested.at} />
        {requested.reason !== null && `: ${requested.reason}`}
      </p>
      <p>
        Before it: {previous ?? 'nothing that is known'}
        {level !== null && `; the difference is ${level}`}
      </p>
      {risks.length > 0 && (
        <ul className="list-disc pl-5 text-warning">
          {risks.map((risk) => (
            <li key={risk}>{risk}</li>
          ))}
        </ul>
      )}
      <ProofLine proof={proof} />
      <People deploy={deploy} />
      {runner !== null && (
        <p>
          Carried out by {runner}
          {heard !== null && (
            <>
              , heard <AgeText at={heard} />
            </>
          )}
        </p>
      )}
      <p className="flex flex-wrap gap-x-4">
        <Link
          to="/releases/$app"
          params={{ app }}
          className="text-accent underline"
        >{`${app} everywhere`}</Link>
        <Link to="/thread" search={{ of: deploy.thread }} className="text-accent underline">
          What led to it
        </Link>
        <Link to="/releases" search={{ q: environment }} className="text-accent underline">
          {environment}
        </Link>
      </p>
    </div>
  );
}

function People({ deploy }: { readonly deploy: Deploy }): ReactNode {
  const { approvals, acknowledgements } = deploy;
  return (
    <>
      {approvals.map(({ by, at, text }) => (
        <p key={by} className="text-ok">
          Approved by {by}, <AgeText at={at} />
          {text !== null && `: ${text}`}
        </p>
      ))}
      {acknowledgements.map(({ author, commits, state, text }) => (
        <p key={author} className={state === 'objected' ? 'text-critical' : ''}>
          {author}, {commits} {commits === 1 ? 'commit' : 'commits'}: {state}
          {text !== null && ` (${text})`}
        </p>
      ))}
    </>
  );
}
