import type { Command } from 'commander';
import type { Context } from './context.ts';

/** How a command is declared; its help and docs/reference/cli.md are made from this. */
export interface Declaration {
  /** Name and arguments in commander's notation: `tail [where]`. */
  readonly usage: string;
  /** One sentence for the list of commands. */
  readonly summary: string;
  /** More, in whole sentences. */
  readonly description?: string;
  /** Each a line to type, and what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
}

/** Adds a command with --verbose and its examples to `parent`. */
export function declare(parent: Command, context: Context, declaration: Declaration): Command {
  const { usage, summary, description, examples } = declaration;
  const command = parent
    .command(usage)
    .summary(summary)
    .description(description === undefined ? summary : `${summary}\n\n${description}`)
    .option('-v, --verbose', 'say on stderr what is being done')
    .hook('preAction', (self) => {
      context.terminal.setVerbose(self.opts<{ verbose?: boolean }>().verbose === true);
    });
  const lines = examples.map(([line, does]) => `  # ${does}\n  ${line}\n`);
  if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  return command;
}

/** For options that may be given more than once, or once with commas. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
