import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Demo } from '../../server/api/contract-demo.ts';
import { ApiError } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { Definitions } from '../kit/Definitions.tsx';
import { Notice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { Part } from '../kit/Part.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { liveDemoQuery, staleAfterMs } from './api.ts';
import { Architectures } from './Architectures.tsx';
import { ChaosPanel } from './ChaosPanel.tsx';
import { NoDemo } from './NoDemo.tsx';
import { Story } from './Story.tsx';
import { tourMemory, useTourPlace } from './tour/memory.ts';
import { definitions } from './words.ts';

/** The small company: its story, what can be broken in it, and three ways to build it. */
export function DemoPage(): ReactNode {
  const found = useQuery(liveDemoQuery);
  const demo = found.data;
  const { state } = useTourPlace();
  // A server from before there was a demo has no such address.
  const isNone = found.error instanceof ApiError && found.error.status === 404;
  const isThere = demo !== undefined && demo.startedAt !== null;
  return (
    <Page
      title="Newsroom"
      status={isThere && <Status of={demo} />}
      actions={
        isThere &&
        demo.running &&
        state === 'closed' && (
          <Button icon="tour" onClick={() => tourMemory.open()}>
            Guided tour
          </Button>
        )
      }
    >
      <Scrollable label="The company" className="min-h-0 grow overflow-y-auto border-t border-line">
        {!isNone && <Asking of={found} staleAfterMs={staleAfterMs} />}
        {isThere ? <Known of={demo} /> : (isNone || demo) && <NoDemo />}
      </Scrollable>
    </Page>
  );
}

function Status({ of: { running, seed, speed, startedAt, site } }: { readonly of: Demo }) {
  return (
    <>
      <StateMark state={running ? 'ok' : 'unknown'} word={running ? 'lives' : 'stopped'} />
      {startedAt !== null && (
        <span>
          started <AgeText at={startedAt} />
        </span>
      )}
      <span>
        {seed !== null && `seed ${seed}`}
        {speed !== null && `, speed ${speed}`}
      </span>
      {site !== null && running && (
        <a href={site} target="_blank" rel="noreferrer" className="text-accent underline">
          Its web site
          <span className="sr-only"> in a new tab</span>
        </a>
      )}
    </>
  );
}

function Known({ of }: { readonly of: Demo }): ReactNode {
  const { running, story, chaos, architectures, tools } = of;
  return (
    <>
      {!running && (
        <Notice look="warning">
          <strong className="font-semibold">The company does not live now.</strong> What stands here
          is how it was when it was last heard. It goes on where it was by{' '}
          <code className="font-mono">territory demo</code>.
        </Notice>
      )}
      <div className="grid gap-x-8 gap-y-6 px-3 py-4 sm:px-5 xl:grid-cols-[18rem_minmax(0,1fr)] xl:grid-rows-[auto_1fr]">
        <Part title="What happened">
          <Story of={story} />
        </Part>
        <div className="flex min-w-0 flex-col gap-6 xl:row-span-2">
          <Part title="Break something">
            <ChaosPanel
              of={chaos}
              because={running ? undefined : 'The company does not live now'}
            />
          </Part>
          <Part title="The same feeds, the same kill, three architectures">
            <Architectures of={architectures} chaos={chaos} />
          </Part>
        </div>
        {tools.length > 0 && (
          <Part title="What it found on this machine">
            <Tools of={tools} />
          </Part>
        )}
      </div>
      <Definitions of={definitions} />
    </>
  );
}

function Tools({ of }: { readonly of: Demo['tools'] }): ReactNode {
  return (
    <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 gap-y-1">
      {of.map(({ what, found }) => (
        <div key={what} className="contents">
          <dt className="text-soft first-letter:uppercase">{what}</dt>
          <dd className="wrap-anywhere first-letter:uppercase">{found}</dd>
        </div>
      ))}
    </dl>
  );
}
