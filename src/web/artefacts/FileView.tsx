import { useQuery } from '@tanstack/react-query';
import { type ReactNode, Suspense, lazy } from 'react';
import type { Artefact, ArtefactFile, FileText } from '../../server/api/contract-artefacts.ts';
import { Asking } from '../kit/Asking.tsx';
import { CopyButton } from '../kit/CopyButton.tsx';
import { formatBytes } from '../kit/format.ts';
import { Notice } from '../kit/Notice.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { blobPath, textQuery } from './api.ts';
import { FolderPath } from './Files.tsx';

// Grammars of 37 languages come only with the first text.
const CodeText = lazy(async () => ({ default: (await import('./Code.tsx')).CodeText }));

/** One file of an artefact: what it is, and its text. */
export function FileView(props: { readonly of: Artefact; readonly file: ArtefactFile }): ReactNode {
  const { of, file } = props;
  const found = useQuery(textQuery(of.app, of.version, file.path));
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-3 sm:px-5">
        <FolderPath of={of} path={file.path} />
        <span className="text-small text-soft">
          {formatBytes(file.size)} · {modes[file.mode]} ·{' '}
          <span className="font-mono" title={file.sha256}>
            {file.sha256.slice(0, 12)}
          </span>
        </span>
        <span className="flex items-center gap-2 sm:ml-auto">
          {found.data?.kind === 'text' && <CopyButton text={found.data.text} what="text" />}
          <a
            href={blobPath(of.app, of.version, file.sha256)}
            download={file.path.split('/').at(-1)}
            className="text-accent underline"
          >
            Download
          </a>
        </span>
      </div>
      <Asking of={found} />
      {found.data && <Text of={found.data} />}
    </>
  );
}

const modes = { '100644': 'file', '100755': 'executable', '120000': 'link' } as const;

function Text({ of: { kind, path, text, cut } }: { readonly of: FileText }): ReactNode {
  if (kind === 'binary')
    return (
      <p className="px-3 py-2 text-soft sm:px-5">It is no text. Download it to look into it.</p>
    );
  if (kind === 'link')
    return (
      <p className="px-3 py-2 sm:px-5">
        Points to <code className="font-mono wrap-anywhere">{text}</code>
      </p>
    );
  if (text === '') return <p className="px-3 py-2 text-soft sm:px-5">It is empty.</p>;
  return (
    <>
      {cut && <Notice look="warning">Only its beginning is shown. Download it for all.</Notice>}
      <Scrollable
        label={`Text of ${path}`}
        className="overflow-x-auto border-y border-line bg-raised py-2"
      >
        <Suspense fallback={<pre className="px-3 font-mono text-small">{text}</pre>}>
          <CodeText path={path} text={text} />
        </Suspense>
      </Scrollable>
    </>
  );
}
