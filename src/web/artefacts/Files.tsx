import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Artefact } from '../../server/api/contract-artefacts.ts';
import { Button } from '../kit/Button.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { FilterField } from '../kit/FilterField.tsx';
import { counted, formatBytes } from '../kit/format.ts';
import { type FolderLine, aboveOf, filesWith, linesOf } from './tree.ts';

/** Of a filter that fits many. */
const mostShown = 500;
const look =
  'inline-block py-0.5 font-mono wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2';

/** The files of an artefact, folder by folder, or those that fit a filter. */
export function Files(props: { readonly of: Artefact; readonly folder: string }): ReactNode {
  const { of, folder } = props;
  const { q = '' } = useSearch({ from: '/inside/releases/$app/artefacts/$version' });
  const navigate = useNavigate({ from: '/releases/$app/artefacts/$version' });
  const filter = (text: string): void =>
    void navigate({ search: text === '' ? {} : { q: text }, replace: true });
  const found = q === '' ? [] : filesWith(of.files, q);
  const lines =
    q === ''
      ? linesOf(of.files, folder)
      : found
          .slice(0, mostShown)
          .map((file): FolderLine => ({ kind: 'file', name: file.path, path: file.path, file }));
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-3 sm:px-5">
        <FolderPath of={of} path={folder} />
        <FilterField
          label="Filter the files"
          value={q}
          onChange={filter}
          placeholder="Part of a path"
          className="min-w-40 grow"
        />
      </div>
      {lines.length === 0 ? (
        <EmptyState
          title={q === '' ? 'There is no such folder or file' : 'No path fits the filter'}
          actions={<Button onClick={() => filter('')}>All files</Button>}
        />
      ) : (
        <Lines of={of} lines={lines} />
      )}
      {found.length > mostShown && (
        <p className="px-3 py-2 text-soft sm:px-5">
          The first {mostShown} of {counted(found.length, 'file')}.
        </p>
      )}
    </>
  );
}

/** Where in the artefact one is; each folder leads to itself. */
export function FolderPath(props: { readonly of: Artefact; readonly path: string }): ReactNode {
  const { app, version } = props.of;
  const above = aboveOf(props.path);
  return (
    <nav aria-label="Folder" className="flex flex-wrap items-center gap-x-1 font-mono text-small">
      <Folder app={app} version={version} path="" isHere={above.length === 0} name={version} />
      {above.map(({ name, path }, i) => (
        <span key={path} className="flex gap-x-1">
          <span aria-hidden="true">/</span>
          <Folder
            app={app}
            version={version}
            path={path}
            name={name}
            isHere={i === above.length - 1}
          />
        </span>
      ))}
    </nav>
  );
}

function Folder(props: {
  readonly app: string;
  readonly version: string;
  readonly path: string;
  readonly name: string;
  readonly isHere: boolean;
}): ReactNode {
  const { app, version, path, name, isHere } = props;
  if (isHere) return <span className="font-semibold wrap-anywhere">{name}</span>;
  return (
    <Link
      to="/releases/$app/artefacts/$version"
      params={{ app, version }}
      search={path === '' ? {} : { path }}
      className="text-accent underline wrap-anywhere"
    >
      {name}
    </Link>
  );
}

function Lines(props: { readonly of: Artefact; readonly lines: readonly FolderLine[] }): ReactNode {
  const { of, lines } = props;
  const { app, version } = of;
  return (
    <table className="w-full border-collapse" aria-label="Files">
      <thead>
        <tr className="label border-b border-line text-left">
          <th scope="col" className="px-3 py-1.5 font-normal sm:px-5">
            Name
          </th>
          <th scope="col" className="px-2 py-1.5 text-right font-normal">
            Size
          </th>
          <th scope="col" className="hidden px-2 py-1.5 pr-5 font-normal sm:table-cell">
            SHA-256
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.path} className="border-b border-line/60 hover:bg-sunken">
            <th scope="row" className="px-3 py-1 text-left font-normal sm:px-5">
              <Link
                to="/releases/$app/artefacts/$version"
                params={{ app, version }}
                search={{ path: line.path }}
                className={look}
              >
                {line.name}
                {line.kind === 'folder' && '/'}
              </Link>
              {line.kind === 'file' && <Mode mode={line.file.mode} />}
            </th>
            <td className="px-2 py-1 text-right whitespace-nowrap">
              {line.kind === 'file' ? (
                formatBytes(line.file.size)
              ) : (
                <>
                  <span className="mr-2 text-small text-faint">{counted(line.files, 'file')}</span>
                  {formatBytes(line.size)}
                </>
              )}
            </td>
            <td className="hidden px-2 py-1 pr-5 font-mono text-small text-faint sm:table-cell">
              {line.kind === 'file' && (
                <span title={line.file.sha256}>{line.file.sha256.slice(0, 12)}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Mode({ mode }: { readonly mode: string }): ReactNode {
  if (mode === '100644') return null;
  return (
    <span className="ml-2 text-small text-soft">{mode === '120000' ? 'link' : 'executable'}</span>
  );
}
