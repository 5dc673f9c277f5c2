import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addBacktest, addReplay } from './rules-backtest.ts';
import { addCheck } from './rules-check.ts';
import { addList } from './rules-list.ts';
import { addTest } from './rules-test.ts';

/** Adds `territory rules backtest|replay|check|test|list`. */
export function addRules(program: Command, context: Context): void {
  const parent = program
    .command('rules')
    .summary('Try, check, test and list rules.')
    .description(
      'Try rules on what was recorded, check and test their files, and see those that run.',
    );
  addBacktest(parent, context);
  addReplay(parent, context);
  addCheck(parent, context);
  addTest(parent, context);
  addList(parent, context);
}
