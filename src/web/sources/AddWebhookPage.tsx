import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { AddedWebhook } from '../../server/api/contract-webhooks.ts';
import { FirstEvent } from './FirstEvent.tsx';
import { NoSuchKind } from './NoSuchKind.tsx';
import { SourcesFrame } from './SourcesFrame.tsx';
import { Step, StepList } from './StepList.tsx';
import { productOf, type WebhookProduct } from './webhook-kinds.ts';
import { WebhookStep } from './WebhookStep.tsx';

/** An address for the webhooks of one product, and whether its first delivery has arrived. */
export function AddWebhookPage(): ReactNode {
  const { kind } = useParams({ from: '/inside/sources/add/webhook/$kind' });
  const product = productOf(kind);
  return product === undefined ? <NoSuchKind /> : <Steps key={kind} product={product} />;
}

function Steps({ product }: { readonly product: WebhookProduct }): ReactNode {
  const [added, setAdded] = useState<AddedWebhook>();
  const make = (
    <Step
      title={product.kind === 'generic' ? 'Say what its bodies mean' : 'Make an address for it'}
    >
      <WebhookStep product={product} added={added} onAdded={setAdded} />
    </Step>
  );
  const enter = (
    <Step title={`Enter it in ${product.kind === 'generic' ? 'what calls it' : product.name}`}>
      <p className="max-w-[75ch]">{product.enter}</p>
      {product.secret === 'theirs' && added === undefined && (
        <p className="mt-1 max-w-[75ch] text-soft">
          The address will be{' '}
          <code className="font-mono text-small wrap-anywhere">
            {globalThis.location.origin}/webhooks/NAME
          </code>
          .
        </p>
      )}
    </Step>
  );
  return (
    <SourcesFrame title={product.name} status={`brings ${product.brings}`}>
      <StepList>
        {product.secret === 'theirs' ? [enter, make] : [make, enter]}
        <Step title="See it arrive">
          {added === undefined ? (
            <p className="text-soft">Once there is an address.</p>
          ) : (
            <FirstEvent intake="webhook" kind="http" sender={added.webhook.name} />
          )}
        </Step>
      </StepList>
    </SourcesFrame>
  );
}
