import type { Command } from 'commander';
import { Value } from 'typebox/value';
import { type RuleState, RulesAnswer } from '../../server/api/contract-rules.ts';
import { lineOf } from '../../server/rules/backtest/errors.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';
import { printable, showNumber, showTime } from '../words.ts';

type ListOptions = ConnectionOptions & { readonly json?: boolean };

/** Adds `territory rules list`. */
export function addList(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'list',
    summary: 'List the rules that run, how they are doing, and files that can not be used.',
    examples: [
      ['territory rules list', 'a line for each rule'],
      [
        'territory rules list --json | jq \'.files[] | select(.state == "rejected")\'',
        'files with errors',
      ],
    ],
  });
  command.option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (options: ListOptions) => {
    const path = 'api/v1/rules';
    const answer = await call(connect(options, context), { method: 'GET', path });
    const { terminal } = context;
    if (options.json === true) return terminal.print(`${JSON.stringify(answer)}\n`);
    await terminal.print(view(answer, terminal));
  });
}

function view(answer: unknown, terminal: Terminal): string {
  if (!Value.Check(RulesAnswer, answer))
    throw cliErrors(
      'ANSWER',
      'the answer can not be understood; is the server of another version?',
    );
  const { files, rules } = answer;
  const rejected = files.flatMap(({ state, error }) =>
    state === 'rejected' && error ? [`${lineOf(error)}\n`] : [],
  );
  const stopped = rules.flatMap(({ name, problem }) =>
    problem === undefined ? [] : [`${printable(name)}: ${printable(problem)}\n`],
  );
  const body = rules.length === 0 ? 'no rules\n' : table(rules, terminal);
  return `${body}${[...rejected, ...stopped].map((line) => `! ${line}`).join('')}`;
}

function table(rules: readonly RuleState[], { style }: Terminal): string {
  const right = { align: 'right' } as const;
  return textTable(
    [
      { head: 'rule' },
      { head: 'file' },
      { head: 'state' },
      { head: 'events/s', ...right },
      { head: 'keys', ...right },
      { head: 'late', ...right },
      { head: 'failed', ...right },
      { head: 'decisions', ...right },
      { head: 'last decision' },
    ],
    rules.map((rule) => [
      printable(rule.name),
      printable(rule.file),
      rule.state,
      showNumber(rule.eventsPerSecond),
      showNumber(rule.keys),
      showNumber(rule.late),
      showNumber(rule.failed),
      showNumber(rule.decisions),
      rule.lastDecision
        ? `${showTime(rule.lastDecision.at)} ${printable(rule.lastDecision.title)}`
        : '',
    ]),
    style,
  );
}
