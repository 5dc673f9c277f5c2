import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { formatBytes } from '../kit/format.ts';
import type { LiveDeploy } from './live.ts';

/** So near to its end counts as reading along, px. */
const nearEnd = 40;

/** The log as it comes. It stays at its end until somebody scrolls up to read. */
export function LogPane({ live }: { readonly live: LiveDeploy }): ReactNode {
  const { log, cut, logEnded, deploy } = live;
  const box = useRef<HTMLPreElement>(null);
  const [follows, setFollows] = useState(true);
  useEffect(() => {
    const { current } = box;
    if (follows && current) current.scrollTop = current.scrollHeight;
  }, [log, follows]);
  const onScroll = (): void => {
    const { current } = box;
    if (!current) return;
    setFollows(current.scrollHeight - current.scrollTop - current.clientHeight < nearEnd);
  };
  return (
    <section aria-label="Log" className="flex min-h-0 flex-col gap-1">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3">
        <h2 className="font-semibold">Log</h2>
        <span className="text-small text-soft">
          {deploy && formatBytes(deploy.logBytes)}
          {logEnded ? ', complete' : follows ? ', following' : ', not following'}
        </span>
        {!follows && <Button onClick={() => setFollows(true)}>Go to its end</Button>}
      </header>
      {cut && (
        <p className="text-small text-soft">
          Its beginning is left out here. <code className="font-mono">territory logs</code> prints
          all of it.
        </p>
      )}
      <pre
        ref={box}
        onScroll={onScroll}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
        tabIndex={0}
        className="h-80 min-h-0 overflow-auto rounded-normal border border-line bg-sunken p-2 font-mono text-small whitespace-pre-wrap wrap-anywhere"
      >
        {log === '' ? (logEnded ? 'It said nothing.' : 'Nothing was said yet.') : log}
      </pre>
    </section>
  );
}
