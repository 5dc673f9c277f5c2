import { type Command, Option } from 'commander';
import { Value } from 'typebox/value';
import { Role, SignInLink, type UserChange, Users } from '../../server/api/contract.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { type Password, type PasswordOptions, choosePassword } from '../secret-input.ts';
import { textTable } from '../text-table.ts';
import { printable, showTime } from '../words.ts';

type PasswordCommand = ConnectionOptions & PasswordOptions;

/** Adds `territory user create|list|disable|enable|role|password|link|remove`. */
export function addUser(program: Command, context: Context): void {
  const parent = program
    .command('user')
    .summary('Manage the people who may sign in.')
    .description('Manage the people who may sign in.');
  addCreate(parent, context);
  addList(parent, context);
  addChange(parent, context, 'disable', 'Lock a user out; what they did stays.', {
    disabled: true,
  });
  addChange(parent, context, 'enable', 'Let a disabled user in again.', { disabled: false });
  addRole(parent, context);
  addPassword(parent, context);
  addLink(parent, context);
  addRemove(parent, context);
}

function addPasswordOptions(command: Command): Command {
  return command
    .option('--generate', 'make a password and print it, alone on stdout')
    .option('--password-stdin', 'read the password from stdin');
}

function addCreate(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'create <name>',
    summary: 'Add a user. The password is asked for without echo.',
    examples: [
      ['territory user create ada --role admin', 'asks for the password'],
      ['territory user create ben --generate', 'prints a password to hand over'],
    ],
  });
  command.addOption(
    new Option('--role <ROLE>', 'what they may do').choices(Role.enum).default('member'),
  );
  addConnectionOptions(addPasswordOptions(command)).action(
    async (name: string, options: PasswordCommand & { readonly role: string }) => {
      const chosen = await choosePassword(options, context);
      const json = { name, role: options.role, password: chosen.password };
      await call(connect(options, context), { method: 'POST', path: 'api/v1/users', json });
      context.terminal.say(`created ${name}, ${options.role}`);
      await handOver(chosen, context);
    },
  );
}

async function handOver(chosen: Password, { terminal }: Context): Promise<void> {
  if (chosen.generated) await terminal.print(`${chosen.password}\n`);
}

function addList(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'list',
    summary: 'List the users.',
    examples: [['territory user list', 'with role and when they were last seen']],
  });
  command.option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(
    async (options: ConnectionOptions & { readonly json?: boolean }) => {
      const answer = await call(connect(options, context), { method: 'GET', path: 'api/v1/users' });
      if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
      if (!Value.Check(Users, answer)) throw cliErrors('ANSWER', 'the answer is no list of users');
      const heads = ['name', 'role', 'state', 'created', 'last seen'];
      const rows = answer.users.map((user) => [
        printable(user.name),
        user.role,
        user.disabled ? 'disabled' : 'active',
        showTime(user.created),
        user.lastSeen === null ? 'never' : showTime(user.lastSeen),
      ]);
      await context.terminal.print(
        textTable(
          heads.map((head) => ({ head })),
          rows,
          context.terminal.style,
        ),
      );
    },
  );
}

/** `disable` and `enable`. */
function addChange(
  parent: Command,
  context: Context,
  ...[verb, summary, change]: readonly [verb: string, summary: string, change: UserChange]
): void {
  const command = declare(parent, context, {
    usage: `${verb} <name>`,
    summary,
    examples: [[`territory user ${verb} ada`, 'takes effect at once']],
  });
  addConnectionOptions(command).action(async (name: string, options: ConnectionOptions) => {
    await patch(name, change, { options, context });
    context.terminal.say(`${verb}d ${name}`);
  });
}

function addRole(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'role <name> <role>',
    summary: `Change what a user may do: ${Role.enum.join(', ')}.`,
    examples: [['territory user role ben gatekeeper', 'lets them release']],
  });
  addConnectionOptions(command).action(
    async (name: string, role: string, options: ConnectionOptions) => {
      if (!Value.Check(Role, role))
        throw cliErrors('USAGE', `"${role}" is no role; there are ${Role.enum.join(', ')}`);
      await patch(name, { role }, { options, context });
      context.terminal.say(`${name} is ${role} now`);
    },
  );
}

function addPassword(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'password <name>',
    summary: "Set a user's password. It is asked for without echo.",
    examples: [
      ['territory user password ada', 'asks twice'],
      ['pass show territory/ada | territory user password ada --password-stdin', 'from a safe'],
    ],
  });
  addConnectionOptions(addPasswordOptions(command)).action(
    async (name: string, options: PasswordCommand) => {
      const chosen = await choosePassword(options, context);
      await patch(name, { password: chosen.password }, { options, context });
      context.terminal.say(`changed the password of ${name}`);
      await handOver(chosen, context);
    },
  );
}

function addLink(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'link <name>',
    summary: 'Print a one-time link that signs a user in, alone on stdout.',
    examples: [['territory user link ada', 'for somebody who forgot the password']],
  });
  addConnectionOptions(command).action(async (name: string, options: ConnectionOptions) => {
    const path = `api/v1/users/${encodeURIComponent(name)}/link`;
    const answer = await call(connect(options, context), { method: 'POST', path });
    if (!Value.Check(SignInLink, answer)) throw cliErrors('ANSWER', 'the answer is no link');
    context.terminal.say(`good once, until ${showTime(answer.expires)}`);
    await context.terminal.print(`${answer.url}\n`);
  });
}

function addRemove(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'remove <name>',
    summary: 'Remove a user, at once; what they did stays.',
    examples: [['territory user remove ada', 'disable is often the better choice']],
  });
  addConnectionOptions(command).action(async (name: string, options: ConnectionOptions) => {
    const path = `api/v1/users/${encodeURIComponent(name)}`;
    await call(connect(options, context), { method: 'DELETE', path });
    context.terminal.say(`removed ${name}`);
  });
}

async function patch(
  name: string,
  change: UserChange,
  by: { readonly options: ConnectionOptions; readonly context: Context },
): Promise<void> {
  const path = `api/v1/users/${encodeURIComponent(name)}`;
  await call(connect(by.options, by.context), { method: 'PATCH', path, json: change });
}
