import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Webhook } from '../../server/api/contract-webhooks.ts';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { CopyButton } from '../kit/CopyButton.tsx';
import { Dialog } from '../kit/Dialog.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { sourcesApi, webhooksQuery } from './api.ts';
import { MappingTrial } from './MappingTrial.tsx';
import { SourcesFrame } from './SourcesFrame.tsx';

/** The addresses that take webhooks; never with their secrets. */
export function WebhooksPage(): ReactNode {
  const found = useQuery(webhooksQuery);
  const webhooks = found.data?.webhooks ?? [];
  return (
    <SourcesFrame title="Webhooks">
      <Asking of={found} />
      {found.data && webhooks.length === 0 && (
        <EmptyState title="No product sends webhooks here yet">
          <p>
            GitHub, GitLab, Jenkins, Alertmanager, Stripe and others tell what happens in them by
            webhooks. Each gets an address and a secret of its own, under{' '}
            <Link to="/sources/add" className="text-accent underline">
              Add a source
            </Link>
            .
          </p>
        </EmptyState>
      )}
      <ul>
        {webhooks.map((webhook) => (
          <Row key={webhook.name} webhook={webhook} />
        ))}
      </ul>
    </SourcesFrame>
  );
}

function Row({ webhook }: { readonly webhook: Webhook }): ReactNode {
  const { name, title, address, proof, created, createdBy, mapping } = webhook;
  const because = useRefusal('administer');
  const [asking, setAsking] = useState(false);
  return (
    <li className="border-b border-line px-3 py-3 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="text-lead font-semibold wrap-anywhere">
            {name} <span className="text-body font-normal text-soft">{title}</span>
          </h2>
          <p className="font-mono text-small wrap-anywhere">{address}</p>
          <p className="text-small text-faint">
            {proof}. Added by {createdBy}, <TimeText at={created} />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <CopyButton text={address} what="address" />
          <Button
            isBig
            because={because}
            aria-label={`Remove ${name}`}
            onClick={() => setAsking(true)}
          >
            Remove…
          </Button>
        </div>
      </div>
      {mapping !== undefined && <Mapping name={name} mapping={mapping} />}
      {asking && <RemoveDialog name={name} onClose={() => setAsking(false)} />}
    </li>
  );
}

/** What it makes of bodies; changes are tried here, and taken with another webhook. */
function Mapping({
  name,
  mapping,
}: {
  readonly name: string;
  readonly mapping: string;
}): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const [tried, setTried] = useState(mapping);
  return (
    <details className="mt-2" onToggle={(e) => setIsOpen(e.currentTarget.open)}>
      <summary className="min-h-6 cursor-pointer text-soft">Mapping, and what it makes</summary>
      {isOpen && (
        <div className="mt-2">
          <MappingTrial name={name} mapping={tried} onMapping={setTried} />
          {tried !== mapping && (
            <p className="mt-2 text-small text-faint">
              This is a trial: to use it, add a webhook with it and remove this one.
            </p>
          )}
        </div>
      )}
    </details>
  );
}

function RemoveDialog(props: { readonly name: string; readonly onClose: () => void }): ReactNode {
  const { name, onClose } = props;
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => sourcesApi.removeWebhook(name),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['webhooks'] });
      onClose();
    },
  });
  return (
    <Dialog title={`Remove ${name}?`} onClose={onClose}>
      <div className="flex flex-col gap-4 p-4">
        <p>
          Its address is refused at once, and its secret is gone. What it brought stays in the log.
        </p>
        {remove.error && <ErrorNotice error={remove.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button isBig onClick={onClose}>
            Cancel
          </Button>
          <Button isBig look="primary" aria-busy={remove.isPending} onClick={() => remove.mutate()}>
            Remove it
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
