import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Artefact } from '../../server/api/contract-artefacts.ts';
import { Asking } from '../kit/Asking.tsx';
import { ApiError } from '../kit/api.ts';
import { CopyButton } from '../kit/CopyButton.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { shortVersion } from '../releases/rows.ts';
import { Above } from './Above.tsx';
import { artefactQuery } from './api.ts';
import { Contents } from './Contents.tsx';
import { Files } from './Files.tsx';
import { FileView } from './FileView.tsx';
import { partsOf } from './part-tabs.ts';
import { WayBack } from './WayBack.tsx';

const route = '/inside/releases/$app/artefacts/$version';

/** One artefact: what it is, and what is in it, down to the text of each file. */
export function ArtefactPage(): ReactNode {
  const { app, version } = useParams({ from: route });
  const found = useQuery(artefactQuery(app, version));
  const isUnknown = found.error instanceof ApiError && found.error.status === 404;
  return (
    <Page
      title={`${app} ${shortVersion(version)}`}
      above={<Above app={app} isDeep />}
      status={found.data && <WayBack reversible={found.data.reversible} />}
      actions={found.data && <Actions of={found.data} />}
    >
      <Scrollable label={`${app} ${version}`} className="min-h-0 grow overflow-y-auto">
        {isUnknown ? <Unknown app={app} version={version} /> : <Asking of={found} />}
        {found.data && <Known of={found.data} />}
      </Scrollable>
    </Page>
  );
}

function Actions({ of: { app, version, source } }: { readonly of: Artefact }): ReactNode {
  if (source.previous === null) return null;
  return (
    <Link
      to="/releases/$app/diff"
      params={{ app }}
      search={{ from: source.previous, to: version }}
      className="text-accent underline wrap-anywhere"
    >
      Compare with {shortVersion(source.previous)}
    </Link>
  );
}

function Unknown(props: { readonly app: string; readonly version: string }): ReactNode {
  const { app, version } = props;
  return (
    <EmptyState
      title={`${app} ${version} is not on this server`}
      actions={
        <Link
          to="/releases/$app/artefacts"
          params={{ app }}
          className="font-semibold text-accent underline"
        >
          The versions that are
        </Link>
      }
    >
      <p>
        It may have been deployed by a pipeline of its own, or built and not sent:{' '}
        <code className="font-mono wrap-anywhere">
          territory release push {app} {version}
        </code>
      </p>
    </EmptyState>
  );
}

function Known({ of }: { readonly of: Artefact }): ReactNode {
  const { part = 'files', path = '' } = useSearch({ from: route });
  const file = part === 'files' ? of.files.find((one) => one.path === path) : undefined;
  return (
    <>
      {!file && <About of={of} />}
      <Parts of={of} part={part} />
      {part !== 'files' ? (
        <Contents of={of} part={part} />
      ) : file ? (
        <FileView of={of} file={file} />
      ) : (
        <Files of={of} folder={path} />
      )}
    </>
  );
}

function About({ of }: { readonly of: Artefact }): ReactNode {
  const { digest, source, reversible, warnings } = of;
  return (
    <div data-tour="artefact" className="flex flex-col gap-2 px-3 pb-3 sm:px-5">
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[7rem_minmax(0,1fr)]">
        <Said name="Digest">
          <span className="flex flex-wrap items-center gap-x-2">
            <code className="font-mono text-small wrap-anywhere">{digest}</code>
            <CopyButton text={digest} what="digest" />
          </span>
        </Said>
        <Said name="Built">
          <AgeText at={Date.parse(source.builtAt)} /> by {source.builtBy}
        </Said>
        <Said name="From">
          <code className="font-mono text-small" title={source.commit}>
            {source.commit.slice(0, 12)}
          </code>{' '}
          {source.tag === null ? 'without a tag' : `tag ${source.tag}`} of {source.repo}
          {source.path !== '' && ` in ${source.path}`}
        </Said>
        {!reversible.value && (
          <Said name="No way back">
            <span className="text-warning">{reversible.why.join('; ')}</span>
          </Said>
        )}
        {warnings.length > 0 && (
          <Said name="Odd">
            <ul>
              {warnings.map((warning) => (
                <li key={warning} className="text-warning">
                  {warning}
                </li>
              ))}
            </ul>
          </Said>
        )}
      </dl>
    </div>
  );
}

function Said(props: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="contents">
      <dt className="self-center text-faint">{props.name}</dt>
      <dd className="mb-1 min-w-0 wrap-anywhere sm:mb-0">{props.children}</dd>
    </div>
  );
}

/** The parts of a release, each with how many there are. */
function Parts(props: { readonly of: Artefact; readonly part: string }): ReactNode {
  const { of, part } = props;
  const { app, version } = of;
  return (
    <nav
      aria-label="Parts of the release"
      className="flex shrink-0 overflow-x-auto border-b border-line px-1 sm:px-3"
    >
      {partsOf(of).map(({ name, text, count }) => (
        <Link
          key={name}
          to="/releases/$app/artefacts/$version"
          params={{ app, version }}
          search={name === 'files' ? {} : { part: name }}
          aria-current={part === name ? 'page' : undefined}
          className={`flex h-11 items-center gap-1.5 border-b-2 px-2 whitespace-nowrap sm:h-9 ${part === name ? 'border-accent font-semibold text-ink' : 'border-transparent text-soft hover:text-ink'}`}
        >
          {text}
          {count !== undefined && (
            <span className="rounded-full bg-sunken px-1.5 text-small font-normal text-soft">
              {count}
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
