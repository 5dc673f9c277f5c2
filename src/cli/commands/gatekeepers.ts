import type { Command } from 'commander';
import { Users } from '../../server/api/contract.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import { addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { type DeployOptions, understood } from '../deploys/asking.ts';
import { textTable } from '../text-table.ts';
import { printable, showTime } from '../words.ts';

/** Adds `territory gatekeepers`. */
export function addGatekeepers(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'gatekeepers',
    summary: 'List who approves deploys, lifts what stands in the way, and breaks the glass.',
    description:
      'Gatekeepers and administrators that are not disabled. Reading the users needs the rights of an administrator; `territory user role` makes a gatekeeper.',
    examples: [['territory gatekeepers', 'whom to ask']],
  });
  command.option('--json', 'print them as one JSON document');
  addConnectionOptions(command).action(async (options: DeployOptions) => {
    const { terminal } = context;
    const answer = await call(connect(options, context), { method: 'GET', path: 'api/v1/users' });
    const gatekeepers = understood(Users, answer).users.filter(
      ({ role, disabled }) => !disabled && (role === 'gatekeeper' || role === 'admin'),
    );
    if (options.json === true) return terminal.print(`${JSON.stringify({ gatekeepers })}\n`);
    if (gatekeepers.length === 0)
      return terminal.print('nobody is; make one: territory user role NAME gatekeeper\n');
    const rows = gatekeepers.map(({ name, role, lastSeen }) => [
      printable(name),
      role,
      lastSeen === null ? 'never' : showTime(lastSeen),
    ]);
    const heads = ['name', 'role', 'last seen'].map((head) => ({ head }));
    await terminal.print(textTable(heads, rows, terminal.style));
  });
}
