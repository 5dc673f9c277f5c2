import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, Suspense, lazy, useState } from 'react';
import type { ArtefactFile, DiffParts, TextDiff } from '../../../server/api/contract-artefacts.ts';
import { Asking } from '../../kit/Asking.tsx';
import { Button } from '../../kit/Button.tsx';
import { counted, formatBytes } from '../../kit/format.ts';
import { Scrollable } from '../../kit/Scrollable.tsx';
import { type Compared, textDiffQuery } from '../api.ts';
import { Section, Sign, summed } from './Section.tsx';

const CodeDiff = lazy(async () => ({ default: (await import('../Code.tsx')).CodeDiff }));
const shownAtFirst = 100;

interface Change {
  readonly sign: 'added' | 'removed' | 'changed';
  readonly path: string;
  readonly text: string;
}

/** Files as the server gets them; each opens to what changes in it, line by line. */
export function FilesSection(props: {
  readonly part: DiffParts['files'];
  readonly compared: Compared;
}): ReactNode {
  const { part, compared } = props;
  const { file: open } = useSearch({ from: '/inside/releases/$app/diff' });
  const [most, setMost] = useState(shownAtFirst);
  const changes = changesOf(part);
  const shown = changes.filter(({ path }, i) => i < most || path === open);
  return (
    <Section
      name="files"
      title="Files"
      level={part.level}
      summary={summed({
        added: part.added.length,
        deleted: part.deleted.length,
        modified: part.modified.length,
      })}
      isEmpty={changes.length === 0}
    >
      <ul className="mt-1">
        {shown.map((change) => (
          <FileChange
            key={change.path}
            change={change}
            compared={compared}
            isOpen={change.path === open}
          />
        ))}
      </ul>
      {changes.length > shown.length && (
        <Button className="mt-2" onClick={() => setMost(Infinity)}>
          Show {counted(changes.length - shown.length, 'more file')}
        </Button>
      )}
    </Section>
  );
}

function changesOf({ added, deleted, modified }: DiffParts['files']): Change[] {
  const whole = (sign: Change['sign']) => (file: ArtefactFile) => ({
    sign,
    path: file.path,
    text: formatBytes(file.size),
  });
  const both = modified.map(({ path, before, after }): Change => ({
    sign: 'changed',
    path,
    text: [
      ...(before.size === after.size
        ? [formatBytes(after.size)]
        : [`${formatBytes(before.size)} → ${formatBytes(after.size)}`]),
      ...(before.mode === after.mode ? [] : [`mode ${before.mode} → ${after.mode}`]),
    ].join(', '),
  }));
  return [...added.map(whole('added')), ...deleted.map(whole('removed')), ...both].toSorted(
    (a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }),
  );
}

function FileChange(props: {
  readonly change: Change;
  readonly compared: Compared;
  readonly isOpen: boolean;
}): ReactNode {
  const { change, compared, isOpen } = props;
  const navigate = useNavigate({ from: '/releases/$app/diff' });
  const toggle = (): void =>
    void navigate({
      search: ({ file, ...rest }) => (file === change.path ? rest : { ...rest, file: change.path }),
      replace: true,
      resetScroll: false,
    });
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={toggle}
        className="flex min-h-7 w-full items-baseline gap-2 rounded-small py-0.5 text-left hover:bg-sunken"
      >
        <Sign of={change.sign} />
        <span className="min-w-0 font-mono text-small wrap-anywhere underline decoration-line-strong underline-offset-3">
          {change.path}
        </span>
        <span className="text-small whitespace-nowrap text-soft">{change.text}</span>
      </button>
      {isOpen && <Opened path={change.path} compared={compared} />}
    </li>
  );
}

function Opened(props: { readonly path: string; readonly compared: Compared }): ReactNode {
  const { path, compared } = props;
  const found = useQuery(textDiffQuery(compared, path));
  return (
    <div className="mt-1 mb-3 border border-line bg-raised">
      <Asking of={found} />
      {found.data && <Lines of={found.data} />}
    </div>
  );
}

const said: Readonly<Record<Exclude<TextDiff['kind'], 'text'>, string>> = {
  same: 'The bytes are the same; only its mode is another.',
  binary: 'It is no text: its bytes are others.',
  'too-large': 'It is too large to be compared line by line.',
};

function Lines({ of }: { readonly of: TextDiff }): ReactNode {
  const { kind, path, text, added, deleted, cut } = of;
  if (kind !== 'text') return <p className="p-3 text-soft">{said[kind]}</p>;
  return (
    <>
      <p className="border-b border-line px-3 py-1 text-small text-soft">
        {[counted(added, 'line') + ' added', counted(deleted, 'line') + ' deleted'].join(', ')}
        {cut && '; there is more than is shown'}
      </p>
      <Scrollable label={`What changes in ${path}`} className="overflow-x-auto">
        <Suspense fallback={<pre className="p-3 font-mono text-small">{text}</pre>}>
          <CodeDiff path={path} text={text} />
        </Suspense>
      </Scrollable>
    </>
  );
}
