import type { Command } from 'commander';

/** Options of every command about migrations. */
export function addGroundOptions(command: Command): Command {
  return command
    .requiredOption('--in <ENVIRONMENT>', 'the environment')
    .option('--config <FILE>', "the runner's file", 'runner.yaml');
}
