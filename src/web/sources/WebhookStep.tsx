import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { AddedWebhook, WebhookProof } from '../../server/api/contract-webhooks.ts';
import { Button } from '../kit/Button.tsx';
import { CopyButton } from '../kit/CopyButton.tsx';
import { Field, Select } from '../kit/Field.tsx';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { sourcesApi } from './api.ts';
import { MappingTrial } from './MappingTrial.tsx';
import { firstMapping, type WebhookProduct } from './webhook-kinds.ts';

interface WebhookStepProps {
  readonly product: WebhookProduct;
  readonly added: AddedWebhook | undefined;
  readonly onAdded: (added: AddedWebhook) => void;
}

const proofs = [
  ['bearer', 'Authorization: Bearer'],
  ['hmac', 'HMAC-SHA256 of the body'],
  ['header', 'The secret in a header'],
  ['address', '?token= in the address'],
] as const;
type By = (typeof proofs)[number][0];

/** Makes an address for one product, with its secret; of anything else with its mapping as well. */
export function WebhookStep({ product, added, onAdded }: WebhookStepProps): ReactNode {
  const because = useRefusal('administer');
  const queries = useQueryClient();
  const [name, setName] = useState<string>(product.kind);
  const [secret, setSecret] = useState('');
  const [mapping, setMapping] = useState(firstMapping);
  const [by, setBy] = useState<By>('bearer');
  const [header, setHeader] = useState('X-Signature');
  const isGeneric = product.kind === 'generic';
  const add = useMutation({
    mutationFn: () =>
      sourcesApi.addWebhook({
        name: name.trim(),
        kind: product.kind,
        ...(secret !== '' && { secret }),
        ...(isGeneric && { mapping, verify: proofOf(by, header) }),
      }),
    onSuccess: async (answer) => {
      onAdded(answer);
      await queries.invalidateQueries({ queryKey: ['webhooks'] });
    },
  });
  if (added !== undefined) return <Added added={added} />;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(e) => {
        e.preventDefault();
        add.mutate();
      }}
    >
      {isGeneric && <MappingTrial mapping={mapping} onMapping={setMapping} />}
      <div className="flex flex-wrap items-end gap-2">
        <Field
          label="Name, the last part of the address"
          required
          maxLength={64}
          pattern="[a-z0-9][a-z0-9._\-]*"
          title="Small letters, digits, dots and dashes"
          value={name}
          onChange={setName}
          className="w-64 max-w-full"
        />
        {product.secret === 'theirs' && (
          <Field
            label={`Secret that ${product.name} made`}
            type="password"
            required
            minLength={8}
            maxLength={500}
            autoComplete="off"
            value={secret}
            onChange={setSecret}
            className="w-72 max-w-full"
          />
        )}
        {isGeneric && (
          <>
            <Select label="Proved by" value={by} options={proofs} onChange={setBy} />
            {(by === 'hmac' || by === 'header') && (
              <Field label="Header" required value={header} onChange={setHeader} className="w-48" />
            )}
          </>
        )}
        <Button isBig look="primary" type="submit" because={because} aria-busy={add.isPending}>
          {add.isPending ? 'One moment…' : 'Make the address'}
        </Button>
      </div>
      {because !== undefined && <p className="text-small text-faint">{because}.</p>}
      {add.error && <ErrorNotice error={add.error} />}
    </form>
  );
}

function proofOf(by: By, header: string): WebhookProof {
  if (by === 'hmac') return { by, header, algorithm: 'sha256', encoding: 'hex', prefix: '' };
  return by === 'header' ? { by, header } : { by };
}

function Added({ added: { webhook, secret } }: { readonly added: AddedWebhook }): ReactNode {
  return (
    <div className="flex flex-col gap-2">
      <Notice look="plain" action={<CopyButton text={webhook.address} what="address" />}>
        Address: <code className="font-mono text-small wrap-anywhere">{webhook.address}</code>
      </Notice>
      {secret !== undefined && (
        <Notice look="plain" action={<CopyButton text={secret} what="secret" />}>
          Secret, shown this once:{' '}
          <code className="font-mono text-small wrap-anywhere">{secret}</code>
        </Notice>
      )}
      <p className="text-small text-faint">Proof: {webhook.proof}</p>
    </div>
  );
}
