import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { IntakeView } from '../../server/api/contract-intakes.ts';
import { CopyButton } from '../kit/CopyButton.tsx';
import { Notice } from '../kit/Notice.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { intakesQuery } from './api.ts';
import { FirstEvent } from './FirstEvent.tsx';
import { type Kind, kinds, type Snippet } from './kinds.ts';
import { NoSuchKind } from './NoSuchKind.tsx';
import { SourcesFrame } from './SourcesFrame.tsx';
import { Step, StepList } from './StepList.tsx';
import { TokenStep, type IssuedSecret } from './TokenStep.tsx';

const placeholder = 'TOKEN';

/** The lines that one kind of source needs, and whether its first event has arrived. */
export function AddOnePage(): ReactNode {
  const { kind: id } = useParams({ from: '/inside/sources/add/$kind' });
  const kind = kinds.find((one) => one.id === id);
  if (kind === undefined) return <NoSuchKind />;
  return <Steps key={kind.id} kind={kind} />;
}

function Steps({ kind }: { readonly kind: Kind }): ReactNode {
  const intakes = useQuery(intakesQuery);
  const intake = intakes.data?.find(({ name }) => name === kind.intake);
  const [issued, setIssued] = useState<IssuedSecret>();
  const { origin, hostname } = globalThis.location;
  const snippets = kind.snippets({
    url: origin,
    host: hostname,
    port: intake?.port ?? 0,
    token: issued?.secret ?? placeholder,
  });
  return (
    <SourcesFrame title={kind.name} status={`brings ${kind.brings}`}>
      <StepList>
        {kind.needs === 'token' && (
          <Step title="Give it a token">
            <TokenStep kind={kind} issued={issued} onIssued={setIssued} />
          </Step>
        )}
        <Step
          title={kind.needs === 'configuration' ? 'Say what to fetch' : 'Tell it where to send'}
        >
          {kind.needs === 'network' && <Reachable intake={intake} hostname={hostname} />}
          {snippets.map((snippet) => (
            <Lines key={snippet.into} snippet={snippet} />
          ))}
        </Step>
        <Step title="See it arrive">
          <FirstEvent
            intake={kind.intake}
            kind={intake?.kind}
            {...(issued && { sender: issued.name })}
          />
        </Step>
      </StepList>
    </SourcesFrame>
  );
}

function Lines({ snippet }: { readonly snippet: Snippet }): ReactNode {
  return (
    <figure className="mb-4 min-w-0">
      <figcaption className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-soft">Into {snippet.into}:</span>
        <CopyButton text={snippet.text} what="lines" />
      </figcaption>
      <Scrollable
        label={`Lines for ${snippet.into}`}
        className="overflow-x-auto rounded-normal border border-line bg-sunken p-3 font-mono text-small"
      >
        <pre>{snippet.text}</pre>
      </Scrollable>
    </figure>
  );
}

const loopback = /^(127\.|localhost$|::1$|\[::1\]$)/;

/** What keeps a sender from being heard, as far as it can be known here. */
function Reachable(props: {
  readonly intake: IntakeView | undefined;
  readonly hostname: string;
}): ReactNode {
  const { intake, hostname } = props;
  if (intake === undefined) return null;
  if (intake.state !== 'listening')
    return (
      <div className="mb-3">
        <Notice look="critical">
          {intake.state === 'off'
            ? 'This way in is turned off in the configuration.'
            : `This way in could not be opened: ${intake.problem ?? ''}.`}
        </Notice>
      </div>
    );
  const isLocal = loopback.test(intake.address);
  return (
    <p className="mb-3 max-w-[75ch] text-soft">
      It listens on {intake.transports.join(' and ')} {intake.address}:{intake.port}.{' '}
      {isLocal &&
        (loopback.test(hostname)
          ? 'Only this machine can reach that; for others set intakes.host, and intakes.allow to the networks that you trust.'
          : 'Only the machine of Territory can reach that: set intakes.host for others, and intakes.allow to the networks that you trust.')}
    </p>
  );
}
