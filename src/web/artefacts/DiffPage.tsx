import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ArtefactDiff } from '../../server/api/contract-artefacts.ts';
import { Asking } from '../kit/Asking.tsx';
import { ApiError } from '../kit/api.ts';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Notice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { shortVersion } from '../releases/rows.ts';
import { Above } from './Above.tsx';
import { type Compared, diffQuery, releasesQuery } from './api.ts';
import { ComparePicker } from './ComparePicker.tsx';
import { LevelMark } from './LevelMark.tsx';
import { NothingBuilt } from './NothingBuilt.tsx';
import { CommitsSection } from './parts/Commits.tsx';
import { FilesSection } from './parts/Files.tsx';
import {
  ConfigSection,
  ContractsSection,
  DependenciesSection,
  MigrationsSection,
  NeedsSection,
  SmokeSection,
} from './parts/Others.tsx';
import { useStanding } from './use-standing.ts';

const route = '/inside/releases/$app/diff';
/** Beyond so many the parts themselves say it. */
const mostNotices = 12;

/** What changes when one version takes the place of another, in eight parts. */
export function DiffPage(): ReactNode {
  const { app } = useParams({ from: route });
  const { from, to, env } = useSearch({ from: route });
  const compared = from && to ? { app, from, to, environment: env } : undefined;
  const versions = useQuery(releasesQuery(app));
  const isUnknown = versions.error instanceof ApiError && versions.error.status === 404;
  const title = compared
    ? `${app} ${shortVersion(compared.from)} → ${shortVersion(compared.to)}`
    : `Compare versions of ${app}`;
  return (
    <Page title={title} above={<Above app={app} isDeep />}>
      <Scrollable label={title} className="min-h-0 grow overflow-y-auto">
        {isUnknown ? (
          <NothingBuilt app={app} />
        ) : (
          <>
            <Picker versions={versions.data?.releases.map(({ version }) => version) ?? []} />
            {compared ? <Comparison compared={compared} /> : <Choose />}
          </>
        )}
      </Scrollable>
    </Page>
  );
}

function Picker({ versions }: { readonly versions: readonly string[] }): ReactNode {
  const { app } = useParams({ from: route });
  const { from, to, env } = useSearch({ from: route });
  const { environments } = useStanding(app);
  return (
    <div className="border-b border-line px-3 pb-3 sm:px-5">
      <ComparePicker
        key={`${from} ${to} ${versions.length > 0}`}
        app={app}
        versions={versions}
        environments={environments}
        from={from}
        to={to}
        environment={env}
      />
    </div>
  );
}

function Choose(): ReactNode {
  return (
    <EmptyState title="Choose two versions">
      <p>
        Any two, in any order: what is deployed and what is to be, or the other way round to see
        what going back would take away.
      </p>
    </EmptyState>
  );
}

function Comparison({ compared }: { readonly compared: Compared }): ReactNode {
  const found = useQuery(diffQuery(compared));
  return (
    <>
      <Asking of={found} />
      {found.data && (
        <div className={found.isPlaceholderData ? 'opacity-60' : ''}>
          <Known of={found.data} compared={compared} />
        </div>
      )}
    </>
  );
}

function Known(props: { readonly of: ArtefactDiff; readonly compared: Compared }): ReactNode {
  const { of, compared } = props;
  const { parts } = of;
  return (
    <>
      <Notices of={of} />
      <Overview of={of} />
      <CommitsSection of={of} />
      <FilesSection part={parts.files} compared={compared} />
      <MigrationsSection part={parts.migrations} />
      <ConfigSection part={parts.config} unknown={of.valuesUnknown} />
      <DependenciesSection part={parts.dependencies} />
      <ContractsSection part={parts.contracts} />
      <SmokeSection part={parts.smoke} />
      <NeedsSection part={parts.needs} />
    </>
  );
}

/** What has to be seen, the worst first, in front of everything. */
function Notices({ of }: { readonly of: ArtefactDiff }): ReactNode {
  const { notices, from, to } = of;
  const sorted = notices.toSorted((a, b) => weightOf(b) - weightOf(a));
  return (
    <div className="flex flex-col gap-1 px-3 pt-3 sm:px-5">
      {from.digest === to.digest && (
        <Notice look="plain">The files of both are the same, byte by byte.</Notice>
      )}
      {sorted.slice(0, mostNotices).map(({ severity, part, message }) => (
        <Notice
          key={`${part} ${message}`}
          look={weightOf({ severity, part }) > 0 ? 'critical' : 'warning'}
          action={
            <a href={`#${part}`} className="text-small text-ink underline">
              {part}
            </a>
          }
        >
          <strong className="font-semibold first-letter:uppercase">{capital(message)}</strong>
        </Notice>
      ))}
      {sorted.length > mostNotices && (
        <p className="text-soft">and {sorted.length - mostNotices} more, in the parts below</p>
      )}
    </div>
  );
}

/** Work of others that is taken away is as loud as what keeps a deploy from going out. */
const weightOf = ({ severity, part }: { severity: string; part: string }): number =>
  severity === 'error' ? 2 : part === 'commits' ? 1 : 0;

const capital = (text: string): string =>
  /^(this|the|gains|its)\b/.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;

/** The level of the whole and of each part; each leads to it. */
function Overview({ of: { level, parts } }: { readonly of: ArtefactDiff }): ReactNode {
  return (
    <div className="flex flex-col gap-2 border-b border-line px-3 py-3 sm:px-5">
      <p className="flex items-center gap-2 text-lead">
        <span className="text-faint">It reaches</span>
        <strong className="font-semibold">
          <LevelMark level={level} />
        </strong>
      </p>
      <nav
        aria-label="Parts of the difference"
        className="grid grid-cols-2 gap-x-4 gap-y-0.5 sm:flex sm:flex-wrap sm:gap-x-6"
      >
        {Object.entries(parts).map(([name, part]) => (
          <a key={name} href={`#${name}`} className="group flex min-w-0 flex-col py-1">
            <span className="underline decoration-line-strong underline-offset-3 group-hover:decoration-2">
              {name}
            </span>
            <span className="text-small">
              <LevelMark level={part.level} />
            </span>
          </a>
        ))}
      </nav>
    </div>
  );
}
