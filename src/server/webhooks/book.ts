import { join } from 'node:path';
import { pathOfWebhook } from '../../intake/webhook/protocol.ts';
import { products } from '../../intake/webhook/products.ts';
import type { Webhook, Webhooks } from '../../intake/webhook/webhook.ts';
import type { Audit } from '../accounts/book.ts';
import { writeSafely } from '../accounts/file.ts';
import { newSecret } from '../accounts/secret.ts';
import type {
  AddedWebhook,
  NewWebhook,
  RecentBodies,
  Webhook as WebhookView,
  WebhookProof,
} from '../api/contract-webhooks.ts';
import { compile } from './compile.ts';
import { webhookErrors } from './errors.ts';
import { type WebhookRecord, readWebhooks } from './file.ts';
import { RecentOnes, keptBodies, maxKept } from './recent.ts';

/** More of them than this are refused, so that the file stays small enough to be written whole. */
const maxWebhooks = 500;

type Bound = readonly [limit: number, held: number, hits: number];

/** Bounds of the webhooks: how many, and bytes of recorded bodies. */
export interface WebhookCounts {
  readonly webhooks: Bound;
  readonly bodies: Bound;
}

interface WebhookBookOptions {
  /** The data directory. */
  readonly dir: string;
  readonly audit: Audit;
  /** Told of a kept webhook whose mapping can no longer be used; it is turned off. */
  readonly onProblem: (problem: unknown) => void;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Address that people use, without a slash at the end. */
  readonly publicUrl: () => string;
}

/** The webhooks that were added, in memory and in `webhooks.json`. */
export class WebhookBook implements Webhooks {
  readonly #options: WebhookBookOptions;
  readonly #path: string;
  readonly #records: Map<string, WebhookRecord>;
  readonly #ready = new Map<string, Webhook>();
  readonly #recent = new RecentOnes();
  #turnedAway = 0;
  /** Changes, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Throws TERR_WEBHOOK_FILE. */
  constructor(options: WebhookBookOptions) {
    this.#options = options;
    this.#path = join(options.dir, 'webhooks.json');
    this.#records = new Map(readWebhooks(this.#path).map((record) => [record.name, record]));
    for (const record of this.#records.values()) {
      try {
        this.#ready.set(record.name, compile(record));
      } catch (problem) {
        options.onProblem(problem);
      }
    }
  }

  readonly find = (name: string): Webhook | undefined => this.#ready.get(name);

  readonly record: Webhooks['record'] = (name, posted) => {
    const verify = this.#records.get(name)?.verify;
    const proof = verify !== undefined && 'header' in verify ? [verify.header] : [];
    this.#recent.add(name, { ...posted, proof });
  };

  /** How full it is. */
  readonly counts = (): WebhookCounts => ({
    webhooks: [maxWebhooks, this.#records.size, this.#turnedAway],
    bodies: [maxKept, this.#recent.bytes, this.#recent.left],
  });

  /** All of them by name, without their secrets. */
  list(): WebhookView[] {
    const names = [...this.#records.keys()].toSorted();
    return names.flatMap((name) => {
      const record = this.#records.get(name);
      return record === undefined ? [] : this.#view(record);
    });
  }

  /** Throws TERR_WEBHOOK_UNKNOWN. */
  recent(name: string): RecentBodies {
    if (!this.#records.has(name)) throw unknown(name);
    return { bodies: this.#recent.of(name), kept: keptBodies };
  }

  /**
   * Throws TERR_WEBHOOK_EXISTS, TERR_WEBHOOK_FULL, TERR_WEBHOOK_SECRET, and TERR_WEBHOOK_MAPPING
   * with line and column.
   */
  add(wanted: NewWebhook, actor: string): Promise<AddedWebhook> {
    const { name, kind, mapping, verify } = wanted;
    const secret = wanted.secret ?? madeFor(kind);
    if (kind !== 'generic' && (mapping !== undefined || verify !== undefined))
      throw notGeneric(kind);
    const record: WebhookRecord = {
      name,
      kind,
      secret,
      created: this.#options.now(),
      createdBy: actor,
      ...(mapping !== undefined && { mapping }),
      ...(verify !== undefined && { verify }),
    };
    const ready = compile(record);
    return this.#change(async () => {
      if (this.#records.has(name))
        throw webhookErrors('EXISTS', `there is a webhook ${name}; remove it or use another name`, {
          field: 'name',
        });
      if (this.#records.size >= maxWebhooks) {
        this.#turnedAway++;
        throw webhookErrors('FULL', `there are ${maxWebhooks} already; remove some first`);
      }
      await this.#tell('created', record, actor);
      this.#records.set(name, record);
      this.#ready.set(name, ready);
      this.#save();
      const webhook = this.#view(record);
      return wanted.secret === undefined ? { webhook, secret } : { webhook };
    });
  }

  /** Throws TERR_WEBHOOK_UNKNOWN. */
  remove(name: string, actor: string): Promise<void> {
    return this.#change(async () => {
      const record = this.#records.get(name);
      if (record === undefined) throw unknown(name);
      await this.#tell('removed', record, actor);
      this.#records.delete(name);
      this.#ready.delete(name);
      this.#recent.forget(name);
      this.#save();
    });
  }

  /** As with accounts the fact comes first: an audit may say too much, never too little. */
  #tell(happened: 'created' | 'removed', record: WebhookRecord, actor: string): Promise<void> {
    const { name, kind } = record;
    return this.#options.audit({
      what: 'webhook',
      happened,
      subject: name,
      actor,
      attributes: { name, kind },
    });
  }

  #change<T>(make: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(make);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #save(): void {
    const webhooks = [...this.#records.values()];
    writeSafely(this.#path, `${JSON.stringify({ version: 1, webhooks }, undefined, 1)}\n`);
  }

  #view(record: WebhookRecord): WebhookView {
    const { name, kind, created, createdBy, mapping, verify } = record;
    const product = kind === 'generic' ? undefined : products[kind];
    const generic = verify ?? { by: 'bearer' };
    return {
      name,
      kind,
      title: product?.title ?? 'By mapping',
      address: this.#options.publicUrl() + pathOfWebhook(name),
      proof: product?.proof ?? wordsOf(generic),
      created,
      createdBy,
      ...(mapping !== undefined && { mapping }),
      ...(kind === 'generic' && { verify: generic }),
    };
  }
}

/** A new secret, where the product can be told one. */
function madeFor(kind: NewWebhook['kind']): string {
  const product = kind === 'generic' ? undefined : products[kind];
  if (product?.secretFrom !== 'product') return newSecret('');
  throw webhookErrors(
    'SECRET',
    `${product.title} makes the secret itself: add the webhook there with this address, then give its secret here`,
    { field: 'secret' },
  );
}

function notGeneric(kind: string): Error {
  return webhookErrors(
    'MAPPING',
    `webhooks of ${kind} are understood: only a generic one has mapping and verify`,
    { field: 'mapping' },
  );
}

function unknown(name: string): Error {
  return webhookErrors('UNKNOWN', `there is no webhook ${name}`);
}

function wordsOf(proof: WebhookProof): string {
  switch (proof.by) {
    case 'bearer':
      return '`Authorization`: the secret as bearer token or as password';
    case 'header':
      return `\`${proof.header}\`: the secret itself`;
    case 'address':
      return '`?token=` in the address';
    case 'hmac':
      return `\`${proof.header}\`: HMAC-${proof.algorithm} of the body, ${proof.encoding}${proof.prefix === '' ? '' : ` after \`${proof.prefix}\``}`;
  }
}
