import { Argument, type Command } from 'commander';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** Adds `territory completion`. */
export function addCompletion(program: Command, context: Context): void {
  declare(program, context, {
    usage: 'completion',
    summary: 'Print a completion script for a shell.',
    examples: [
      ['source <(territory completion bash)', 'for this bash'],
      ['territory completion zsh > "${fpath[1]}/_territory"', 'for zsh'],
      ['territory completion fish > ~/.config/fish/completions/territory.fish', 'for fish'],
    ],
  })
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action(async (shell: Shell) => {
      await context.terminal.print(scriptFor(shell, wordsOf(program, [])));
    });
}

/** What can follow the commands typed so far: `import git` → its flags. */
interface Words {
  readonly after: string;
  readonly words: readonly string[];
}

function wordsOf(command: Command, path: readonly string[]): Words[] {
  const flags = command.options.flatMap((option) =>
    option.long === undefined ? [] : [option.long],
  );
  const children = command.commands.map((child) => child.name());
  const own = { after: path.join(' '), words: [...children, ...flags, '--help'] };
  return [own, ...command.commands.flatMap((child) => wordsOf(child, [...path, child.name()]))];
}

function scriptFor(shell: Shell, all: readonly Words[]): string {
  if (shell === 'fish') return fish(all);
  const bash = `_territory() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] && break
    path="\${path:+$path }$word"
  done
  local words=''
  while :; do
    case $path in
${all.map(({ after, words }) => `      '${after}') words='${words.join(' ')}' ;;`).join('\n')}
    esac
    [[ -n $words || -z $path ]] && break
    [[ $path == *' '* ]] && path=\${path% *} || path=''
  done
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _territory territory
`;
  return shell === 'bash'
    ? bash
    : `#compdef territory\nautoload -U bashcompinit && bashcompinit\n${bash}`;
}

function fish(all: readonly Words[]): string {
  return all
    .map(({ after, words }) => {
      const names = after.split(' ').filter((name) => name !== '');
      const seen = names.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
      const when = names.length === 0 ? '__fish_use_subcommand' : seen;
      return `complete -c territory -n '${when}' -a '${words.join(' ')}'\n`;
    })
    .join('');
}
