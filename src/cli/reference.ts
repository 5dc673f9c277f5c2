import type { Command } from 'commander';
import { exitCodeMeanings } from './exit-codes.ts';

const intro = `# The command line

<!-- Made from the commands' own help by src/cli/reference.ts; a test holds the two equal. -->

\`bin/territory\` in a checkout that has been built, \`territory\` when it is installed as a package.

- Results go to stdout, everything else to stderr. With \`--json\`, stdout holds one JSON document, or
  one JSON document a line where results come one by one, and nothing else.
- \`TERRITORY_URL\` is the server's address. \`TERRITORY_TOKEN\` is the token; without it the
  \`admin.token\` of the local data directory is used when it can be read. \`--verbose\` says which.
  Tokens are never printed but by \`token create\`, and never taken from a flag, where other users of
  the machine could see them.
- Colours are used on a terminal only, and not when \`NO_COLOR\` is set.
- Ctrl-C ends every command; events that were acknowledged before stay.

## Exit codes

`;

const width = 100;

/** The text of docs/reference/cli.md. */
export function cliReference(program: Command): string {
  const codes = table(exitCodeMeanings.map(([code, meaning]) => [String(code), meaning]));
  return `${intro}${codes}\n${commandsOf(program, []).join('\n')}`;
}

/** With columns of one width, as the formatter would have it. */
function table(rows: readonly (readonly [code: string, meaning: string])[]): string {
  const all = [['code', 'meaning'] as const, ...rows];
  const [first, second] = [0, 1].map((column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  const line = (code: string, meaning: string, fill = ' '): string =>
    `| ${code.padEnd(first ?? 0, fill)} | ${meaning.padEnd(second ?? 0, fill)} |\n`;
  const [head, ...body] = all.map(([code, meaning]) => line(code, meaning));
  return [head, line('', '', '-'), ...body].join('');
}

function commandsOf(parent: Command, path: readonly string[]): string[] {
  return parent.commands.flatMap((command) => {
    const names = [...path, command.name()];
    // Some do something themselves and have others below them.
    const own = command.commands.length === 0 || command.registeredArguments.length > 0;
    return [...(own ? [section(command, names)] : []), ...commandsOf(command, names)];
  });
}

function section(command: Command, names: readonly string[]): string {
  return `## territory ${names.join(' ')}\n\n\`\`\`\n${helpOf(command).trimEnd()}\n\`\`\`\n`;
}

/** As --help prints it, at a fixed width. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => (text += part),
    getOutHelpWidth: () => width,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text;
}
