import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Deploy, Queue } from '../../server/api/contract-deploys.ts';
import { GatesStrip } from '../gates/GatesStrip.tsx';
import { Asking } from '../kit/Asking.tsx';
import { CardTable } from '../kit/CardTable.tsx';
import { useNow } from '../kit/clock.ts';
import { Definitions } from '../kit/Definitions.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { formatDuration } from '../kit/format.ts';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { Snippet } from '../kit/Snippet.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText, TimeText } from '../kit/TimeText.tsx';
import { deploysQuery, queueQuery, staleAfterMs } from './api.ts';
import { ReleaseTabs } from '../releases/ReleaseTabs.tsx';
import { whereQuery } from '../releases/api.ts';
import { environmentsIn } from './lanes.ts';
import { Reservations } from './Reservations.tsx';
import { courseOf, isOver, stateMarks } from './words.ts';

/** What is deployed now, what comes next and when, what is reserved, and what was. */
export function QueuePage(): ReactNode {
  const queue = useQuery(queueQuery);
  const list = useQuery(deploysQuery);
  const where = useQuery(whereQuery);
  const past = (list.data?.deploys ?? []).filter(isOver);
  const isEmpty = queue.data?.environments.length === 0 && list.data?.deploys.length === 0;
  return (
    <Page
      title="Deploys"
      status={queue.data && <span>{countsOf(queue.data)}</span>}
      actions={
        <Link
          to="/deploys/ask"
          className="inline-flex h-8 items-center rounded-normal bg-accent px-2.5 font-semibold text-on-accent hover:opacity-90"
        >
          Ask for a deploy…
        </Link>
      }
    >
      <ReleaseTabs />
      <GatesStrip />
      <Scrollable label="Deploys" className="min-h-0 grow overflow-y-auto">
        <Asking of={queue} staleAfterMs={staleAfterMs} />
        {isEmpty && <NothingYet />}
        {queue.data &&
          environmentsIn(queue.data, where.data).map((one) => (
            <Environment key={one.environment} of={one} />
          ))}
        {past.length > 0 && (
          <section aria-label="Those that ended">
            <h2 className="px-3 pt-4 pb-1 font-semibold sm:px-5">Those that ended</h2>
            <PastTable deploys={past} />
          </section>
        )}
        {!isEmpty && <Definitions of={definitions} />}
      </Scrollable>
    </Page>
  );
}

function countsOf({ environments }: Queue): string {
  const running = environments.reduce((sum, one) => sum + one.running.length, 0);
  const waiting = environments.reduce((sum, one) => sum + one.waiting.length, 0);
  return `${running} running, ${waiting} waiting`;
}

function Environment({ of }: { readonly of: Queue['environments'][number] }): ReactNode {
  const { environment, running, waiting, reservations } = of;
  return (
    <section aria-label={environment} className="border-b border-line px-3 py-3 sm:px-5">
      <h2 className="mb-2 font-semibold wrap-anywhere">{environment}</h2>
      {running.length + waiting.length === 0 && (
        <p className="text-soft">Nothing runs and nothing waits.</p>
      )}
      <ul className="flex flex-col gap-2">
        {[...running, ...waiting].map((deploy) => (
          <Row key={deploy.id} deploy={deploy} />
        ))}
      </ul>
      <Reservations environment={environment} of={reservations} />
    </section>
  );
}

function Row({ deploy }: { readonly deploy: Deploy }): ReactNode {
  const now = useNow();
  const { id, app, version, kind, state, position, eta, waiting, requested } = deploy;
  const [mark, word] = stateMarks[state];
  const course = courseOf(deploy, now);
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5">
      <span className="w-10 text-right text-soft tabular-nums">
        {position === null ? '' : `${position}.`}
      </span>
      <Link
        to="/deploys/$id"
        params={{ id }}
        className="font-semibold wrap-anywhere underline decoration-line-strong underline-offset-3"
      >
        {app} {version}
      </Link>
      {kind !== 'deploy' && <span>{kind}</span>}
      <StateMark state={mark} word={word} />
      {course && (
        <span className="text-soft tabular-nums">
          {formatDuration(Math.floor(course.ran / 1000) * 1000)}
          {deploy.expected !== null && ` of about ${formatDuration(deploy.expected)}`}
        </span>
      )}
      {eta !== null && !course && (
        <span className="text-soft">
          begins about <TimeText at={eta} />
        </span>
      )}
      <span className="text-soft">by {requested.by}</span>
      {waiting.length > 0 && (
        <span className="w-full pl-14 text-small wrap-anywhere text-soft">
          {waiting.map(({ rule, reason }) => `${rule}: ${reason}`).join('; ')}
        </span>
      )}
    </li>
  );
}

const heads = [
  ['Deploy', ''],
  ['Environment', ''],
  ['Ended', ''],
  ['Took', 'number'],
  ['By', ''],
  ['When', ''],
] as const;

function PastTable({ deploys }: { readonly deploys: readonly Deploy[] }): ReactNode {
  return (
    <CardTable label="Those that ended" heads={heads}>
      {deploys.map((deploy) => {
        const [mark, word] = stateMarks[deploy.state];
        const { started, ended } = deploy;
        return (
          <tr key={deploy.id} className="border-b border-line/60 hover:bg-sunken">
            <th scope="row" className="text-left font-normal">
              <Link
                to="/deploys/$id"
                params={{ id: deploy.id }}
                className="font-semibold wrap-anywhere underline decoration-line-strong underline-offset-3"
              >
                {deploy.app} {deploy.version}
              </Link>
              {deploy.kind !== 'deploy' && ` ${deploy.kind}`}
            </th>
            <td data-name="Environment" className="named">
              {deploy.environment}
            </td>
            <td data-name="Ended" className="named">
              <StateMark state={mark} word={word} />
              {deploy.reason !== null && (
                <span className="block max-w-96 text-small wrap-anywhere text-soft">
                  {deploy.reason}
                </span>
              )}
              {deploy.broken && (
                <span className="block text-small text-critical">glass broken</span>
              )}
            </td>
            <td data-name="Took" className="number">
              {started === null || ended === null ? '–' : formatDuration(ended - started)}
            </td>
            <td data-name="By" className="named wrap-anywhere">
              {deploy.requested.by}
            </td>
            <td data-name="When" className="named">
              <AgeText at={ended ?? deploy.requested.at} />
            </td>
          </tr>
        );
      })}
    </CardTable>
  );
}

const NothingYet = (): ReactNode => (
  <EmptyState title="Territory has carried out no deploy yet">
    <p>
      Build a release, start a runner on the machine that is to run it, and ask for a deploy: the
      guide “Run deploys” takes some minutes. Where your own pipeline deploys, let it report:
    </p>
    <Snippet
      text={
        'territory deploy shop release_1 --to staging --watch\n' +
        'territory deploy finished shop release_1 --to staging'
      }
      label="Commands for a deploy"
      what="commands"
    />
  </EmptyState>
);

const definitions = [
  ['Lane', 'One application in one environment. One deploy runs in it at a time.'],
  [
    'Begins about',
    'By the median of the last 20 deploys of the lane, for each that is before it. Nothing is said where there is no history.',
  ],
  ['Lost', 'Its runner was silent for longer than it may be; how it ended is not known.'],
  [
    'Took',
    'From the moment at which a runner took it to its end, with the watch after the switch.',
  ],
] as const;
