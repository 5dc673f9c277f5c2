import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ReleaseLine, ReleasesOfApp } from '../../server/api/contract-artefacts.ts';
import { Asking } from '../kit/Asking.tsx';
import { ApiError } from '../kit/api.ts';
import { Button } from '../kit/Button.tsx';
import { CardTable } from '../kit/CardTable.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { FilterField } from '../kit/FilterField.tsx';
import { counted, formatBytes } from '../kit/format.ts';
import { Notice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { shortVersion } from '../releases/rows.ts';
import { Above } from './Above.tsx';
import { releasesQuery } from './api.ts';
import { ComparePicker } from './ComparePicker.tsx';
import { NothingBuilt } from './NothingBuilt.tsx';
import { type Standing, useStanding } from './use-standing.ts';
import { WayBack } from './WayBack.tsx';

const route = '/inside/releases/$app/artefacts';

/** The releases of an application, the last built first, and a choice of two to compare. */
export function VersionsPage(): ReactNode {
  const { app } = useParams({ from: route });
  const found = useQuery(releasesQuery(app));
  const isUnknown = found.error instanceof ApiError && found.error.status === 404;
  return (
    <Page
      title={`Versions of ${app}`}
      status={found.data && <span>{counted(found.data.total, 'release')}</span>}
      above={<Above app={app} />}
    >
      <Scrollable label={`Versions of ${app}`} className="min-h-0 grow overflow-y-auto">
        {isUnknown ? <NothingBuilt app={app} /> : <Asking of={found} />}
        {found.data && !isUnknown && <Known of={found.data} />}
      </Scrollable>
    </Page>
  );
}

function Known({ of }: { readonly of: ReleasesOfApp }): ReactNode {
  const { app, releases } = of;
  const { q = '' } = useSearch({ from: route });
  const navigate = useNavigate({ from: '/releases/$app/artefacts' });
  const { environments, standing } = useStanding(app);
  const filter = (text: string): void =>
    void navigate({ search: text === '' ? {} : { q: text }, replace: true });
  const shown = releases.filter((one) => fits(one, q, standing));
  return (
    <>
      <Moved of={of} />
      <div className="flex flex-col gap-3 border-b border-line px-3 pt-1 pb-3 sm:px-5">
        <ComparePicker
          app={app}
          versions={releases.map(({ version }) => version)}
          environments={environments}
        />
        <FilterField
          label="Filter"
          value={q}
          onChange={filter}
          placeholder="Version, commit, who built it or environment"
          className="w-full"
        />
      </div>
      {shown.length === 0 ? (
        <EmptyState
          title="Nothing fits the filter"
          actions={<Button onClick={() => filter('')}>Clear the filter</Button>}
        />
      ) : (
        <Versions app={app} releases={shown} standing={standing} />
      )}
    </>
  );
}

function fits(release: ReleaseLine, text: string, standing: Standing): boolean {
  const { version, commit, builtBy, digest } = release;
  const all = [version, commit, builtBy, digest, ...(standing.get(version) ?? [])]
    .join('\n')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => all.includes(word));
}

/** Tags that were moved: said loudly, for a while. */
function Moved({ of: { refusals, releases } }: { readonly of: ReleasesOfApp }): ReactNode {
  const newest = releases[0]?.builtAt ?? 0;
  const fresh = refusals.filter(({ at }) => at >= newest).slice(0, 3);
  return fresh.map(({ version, was, is, at }) => (
    <Notice key={`${version} ${at}`} look="critical">
      <strong className="font-semibold">The tag {version} was moved</strong> from{' '}
      <code className="font-mono">{was.slice(0, 10)}</code> to{' '}
      <code className="font-mono">{is.slice(0, 10)}</code>, and was refused <AgeText at={at} />. A
      version is one commit for ever: give the new commit a new tag.
    </Notice>
  ));
}

const heads = [
  ['Version', ''],
  ['Built', ''],
  ['Stands in', ''],
  ['Commit', ''],
  ['Files', 'number'],
  ['Migrations', 'number'],
  ['Way back', ''],
  ['Compare', ''],
] as const;

function Versions(props: {
  readonly app: string;
  readonly releases: readonly ReleaseLine[];
  readonly standing: Standing;
}): ReactNode {
  const { app, releases, standing } = props;
  return (
    <CardTable label="Versions" heads={heads}>
      {releases.map((release) => (
        <Version
          key={release.version}
          app={app}
          release={release}
          stands={standing.get(release.version) ?? []}
        />
      ))}
    </CardTable>
  );
}

function Version(props: {
  readonly app: string;
  readonly release: ReleaseLine;
  readonly stands: readonly string[];
}): ReactNode {
  const { app, release, stands } = props;
  const { version, previous } = release;
  return (
    <tr className="border-b border-line/60 hover:bg-sunken">
      <th scope="row" className="text-left font-normal">
        <Link
          to="/releases/$app/artefacts/$version"
          params={{ app, version }}
          title={version}
          className="inline-block py-1 font-mono font-semibold wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2"
        >
          {shortVersion(version)}
        </Link>
      </th>
      <td data-name="Built" className="named">
        <AgeText at={release.builtAt} />
        <span className="block text-small wrap-anywhere text-faint">{release.builtBy}</span>
      </td>
      <td
        data-name="Stands in"
        className={`named ${stands.length === 0 ? '@max-[52rem]/cards:hidden!' : ''}`}
      >
        {stands.length === 0 ? (
          <span className="text-faint">–</span>
        ) : (
          <span className="font-semibold">{stands.join(', ')}</span>
        )}
      </td>
      <td data-name="Commit" className="named" title={release.commit}>
        <span className="font-mono">{release.commit.slice(0, 10)}</span>
      </td>
      <td data-name="Files" className="number">
        {release.files}
        <span className="block text-small text-faint">{formatBytes(release.bytes)}</span>
      </td>
      <td data-name="Migrations" className="number">
        {release.migrations}
      </td>
      <td data-name="Way back" className="named">
        <WayBack reversible={release.reversible} />
      </td>
      <td data-name="Compare" className="named">
        {previous === null ? (
          <span className="text-faint">the first</span>
        ) : (
          <Link
            to="/releases/$app/diff"
            params={{ app }}
            search={{ from: previous, to: version }}
            className="text-accent underline wrap-anywhere"
          >
            with {shortVersion(previous)}
          </Link>
        )}
      </td>
    </tr>
  );
}
