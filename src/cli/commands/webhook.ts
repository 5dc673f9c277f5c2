import { readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { Value } from 'typebox/value';
import {
  AddedWebhook,
  type NewWebhook,
  RecentBodies,
  WebhookKind,
  type WebhookProof,
  Webhooks,
} from '../../server/api/contract-webhooks.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { textTable } from '../text-table.ts';
import { printable, showTime } from '../words.ts';
import { addPreview } from './webhook-preview.ts';

type Options = ConnectionOptions & { readonly json?: boolean };

/** Adds `territory webhook list|add|remove|recent|preview`. */
export function addWebhook(program: Command, context: Context): void {
  const parent = program
    .command('webhook')
    .summary('Take the webhooks of products.')
    .description(
      'Take the webhooks of GitHub, GitLab, Alertmanager, Stripe and others, and of anything else by a mapping.',
    );
  addList(parent, context);
  addAdd(parent, context);
  addRemove(parent, context);
  addRecent(parent, context);
  addPreview(parent, context);
}

function addList(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'list',
    summary: 'List the webhooks, without their secrets.',
    examples: [
      ['territory webhook list', 'their addresses'],
      ['territory webhook list --json | jq -r ".webhooks[].mapping"', 'their mappings'],
    ],
  });
  command.option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (options: Options) => {
    const answer = await call(connect(options, context), {
      method: 'GET',
      path: 'api/v1/webhooks',
    });
    if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
    if (!Value.Check(Webhooks, answer))
      throw cliErrors('ANSWER', 'the answer is no list of webhooks');
    if (answer.webhooks.length === 0) return context.terminal.print('no webhooks\n');
    const heads = ['name', 'kind', 'address', 'added', 'by'].map((head) => ({ head }));
    const rows = answer.webhooks.map(({ name, kind, address, created, createdBy }) => [
      printable(name),
      kind,
      printable(address),
      showTime(created),
      printable(createdBy),
    ]);
    await context.terminal.print(textTable(heads, rows, context.terminal.style));
  });
}

interface AddOptions extends Options {
  readonly kind: NewWebhook['kind'];
  readonly secretStdin?: boolean;
  readonly mapping?: string;
  readonly header?: string;
  readonly hmac?: 'sha1' | 'sha256' | 'sha512';
  readonly encoding?: 'hex' | 'base64';
  readonly prefix?: string;
  readonly inAddress?: boolean;
}

function addAdd(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'add <name>',
    summary: 'Take the webhooks of a product; a secret made here is printed once, alone on stdout.',
    description:
      'The address is /webhooks/NAME on the server. PagerDuty, Sentry, Stripe and Zendesk make the ' +
      'secret themselves: add the webhook there with that address, then give the secret here.',
    examples: [
      ['territory webhook add acme --kind github', 'for all repositories of an organisation'],
      [
        'territory webhook add pay --kind stripe --secret-stdin < secret',
        'with a secret of Stripe',
      ],
      [
        'territory webhook add ci --kind generic --mapping ci.yaml --header X-Signature --hmac sha256',
        'anything else, signed',
      ],
    ],
  });
  command
    .requiredOption('--kind <KIND>', `what sends: ${WebhookKind.enum.join(', ')}`)
    .option('--secret-stdin', 'read the secret from stdin instead of making one')
    .option('--mapping <FILE>', 'of a generic one: what its bodies mean (YAML or JSON)')
    .option(
      '--header <NAME>',
      'of a generic one: the header that holds the secret or the signature',
    )
    .addOption(
      new Option('--hmac <ALGORITHM>', 'the header holds an HMAC of the body').choices([
        'sha1',
        'sha256',
        'sha512',
      ]),
    )
    .addOption(new Option('--encoding <HOW>', 'of the HMAC').choices(['hex', 'base64']))
    .option('--prefix <TEXT>', 'before the HMAC, such as sha256=')
    .option('--in-address', 'of a generic one: the secret comes as ?token= in the address')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action((name: string, options: AddOptions) =>
    add(name, options, context),
  );
}

async function add(name: string, options: AddOptions, context: Context): Promise<void> {
  const verify = proofOf(options);
  const { kind, mapping, secretStdin } = options;
  const secret =
    secretStdin === true ? (await readAll(context.stdin)).replace(/\r?\n$/, '') : undefined;
  const answer = await call(connect(options, context), {
    method: 'POST',
    path: 'api/v1/webhooks',
    json: {
      name,
      kind,
      ...(secret !== undefined && { secret }),
      ...(mapping !== undefined && { mapping: readText(mapping, '--mapping') }),
      ...(verify !== undefined && { verify }),
    },
  });
  if (!Value.Check(AddedWebhook, answer))
    throw cliErrors('ANSWER', 'the answer is no webhook; look with `territory webhook list`');
  if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
  const { webhook } = answer;
  context.terminal.say(`send to ${printable(webhook.address)}`);
  context.terminal.say(`proof: ${printable(webhook.proof)}`);
  if (answer.secret === undefined) return undefined;
  context.terminal.say('the secret is not shown again:');
  return context.terminal.print(`${answer.secret}\n`);
}

function proofOf(options: AddOptions): WebhookProof | undefined {
  const { header, hmac: algorithm, encoding = 'hex', prefix = '', inAddress } = options;
  if (inAddress === true) return { by: 'address' };
  if (algorithm === undefined) return header === undefined ? undefined : { by: 'header', header };
  if (header === undefined)
    throw cliErrors('USAGE', 'say in which header the HMAC is, with --header', { field: '--hmac' });
  return { by: 'hmac', header, algorithm, encoding, prefix };
}

/** The text of a file. Throws TERR_CLI_INPUT. */
function readText(path: string, field: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw cliErrors('INPUT', `${path} can not be read`, { field, cause });
  }
}

function addRemove(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'remove <name>',
    summary: 'Take no more of a webhook, at once.',
    examples: [['territory webhook remove acme', 'what it sends is turned away from now on']],
  });
  addConnectionOptions(command).action(async (name: string, options: ConnectionOptions) => {
    const path = `api/v1/webhooks/${encodeURIComponent(name)}`;
    await call(connect(options, context), { method: 'DELETE', path });
    context.terminal.say(`removed ${printable(name)}`);
  });
}

function addRecent(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'recent <name>',
    summary: 'Print the last bodies that a webhook got, the newest first, a line each.',
    description: 'They are kept in memory only. What looks like a secret is taken out of them.',
    examples: [
      ['territory webhook recent ci | head -1 > body.json', 'to try a mapping on'],
      ['territory webhook recent ci --json | jq ".bodies[].headers"', 'with their headers'],
    ],
  });
  command.option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (name: string, options: Options) => {
    const path = `api/v1/webhooks/${encodeURIComponent(name)}/recent`;
    const answer = await call(connect(options, context), { method: 'GET', path });
    if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
    if (!Value.Check(RecentBodies, answer))
      throw cliErrors('ANSWER', 'the answer is no list of bodies');
    if (answer.bodies.length === 0) context.terminal.say('nothing has come since the start');
    await context.terminal.print(answer.bodies.map(({ body }) => `${body}\n`).join(''));
  });
}
