import { commitFields } from './commits.ts';
import { pushVersion } from './push.ts';
import { tagFields } from './tags.ts';

export interface HookOptions {
  /** Address of `hookPath` at the server. */
  readonly url: string;
  /** Absolute path on the machine of the git server. */
  readonly tokenFile: string;
  /** Address by which people clone it; empty: `git config territory.repository`, or its path. */
  readonly repository: string;
  readonly service: string;
  readonly withEmails: boolean;
}

/** Commits of one push that are sent, and refs of one push that are told. */
const limits = { commits: 1_000, refs: 100, pending: 100 };

const commitFormat = ['commit', ...commitFields.map((name) => `%${name}`), ''].join('%x00');
const tagFormat = ['tag', ...tagFields, ''].join('%00');

/** What is the same in all of them. */
const body = `umask 077
updates=$(cat)
git_dir=$(git rev-parse --absolute-git-dir) || exit 0
dir=$git_dir/territory
mkdir -p "$dir" || exit 0
[ -n "$repository" ] || repository=$(git config --get territory.repository)
# Where there is such a program, nothing here takes longer than this.
within=
if command -v timeout >/dev/null 2>&1; then within='timeout 10'; fi

field() { printf '%s\\000' "$@"; }

commits() {
  $within git -c log.showSignature=false log --reverse --max-count=$((left + 1)) --no-patch \\
    --no-color --decorate=full --decorate-refs=refs/heads --decorate-refs=refs/tags --encoding=UTF-8 \\
    --format='tformat:${commitFormat}' "$@" --
}

one_ref() { # before after ref, then what was there before this push
  before=$1 after=$2 ref=$3
  shift 3
  forced=
  case $before in *[!0]*) ;; *) before= ;; esac
  case $after in *[!0]*) ;; *) after= ;; esac
  if [ -n "$before" ] && [ -n "$after" ]; then
    $within git merge-base --is-ancestor "$before" "$after" || forced=1
  fi
  field ref "$ref" "$before" "$after" "$forced" "$left"
  [ -n "$after" ] || return
  # Of a new branch only what is on no other; one that moved tells what it moved over.
  if [ -n "$before" ]; then set -- "^$before"; fi
  commits "$after" "$@" >"$dir/commits.$$"
  cat "$dir/commits.$$"
  count=$(tr -cd '\\000' <"$dir/commits.$$" | wc -c)
  left=$((left - count / ${commitFields.length + 1}))
  [ "$left" -gt 0 ] || left=0
  case $ref in
    refs/tags/*) git for-each-ref --format='${tagFormat}' "$ref" ;;
  esac
}

collect() {
  left=$max_commits
  field push ${pushVersion} "$repository" "$git_dir" "$service" "$(date +%s)" "$emails"
  set -- --not
  while read -r _ _ ref; do set -- "$@" "--exclude=$ref"; done <<UPDATES
$updates
UPDATES
  # Not --all, which is HEAD too: often the very branch that is pushed.
  set -- "$@" "--glob=refs/*"
  while read -r before _ _; do
    case $before in *[!0]*) set -- "$@" "$before" ;; esac
  done <<UPDATES
$updates
UPDATES
  refs=0
  while read -r before after ref; do
    case $ref in refs/heads/* | refs/tags/*) ;; *) continue ;; esac
    refs=$((refs + 1))
    [ "$refs" -le "$max_refs" ] || break
    one_ref "$before" "$after" "$ref" "$@"
  done <<UPDATES
$updates
UPDATES
  field end
}

send() {
  for file in "$dir"/push.*; do
    [ -f "$file" ] || continue
    # The token goes through a pipe: arguments can be seen by everybody on the machine.
    code=$(printf 'header = "Authorization: Bearer %s"\\n' "$(cat "$token_file")" |
      curl --silent --show-error --config - --max-time 30 --retry 2 --output "$dir/answer" \\
        --write-out '%{http_code}' --header 'Content-Type: application/octet-stream' \\
        --header 'Expect:' --data-binary "@$file" "$url" 2>"$dir/error")
    case $code in
      # Not now, or not with this token: the next push tries again.
      401 | 403 | 408 | 429 | 5?? | 000 | '') break ;;
      *) rm -f "$file" ;;
    esac
  done
}

collect >"$dir/new.$$" 2>"$dir/error"
mv "$dir/new.$$" "$dir/push.$(date +%s).$$"
rm -f "$dir/commits.$$"
# A server that is away for long must not fill the disk: the oldest give way.
ls -1 "$dir" | grep '^push\\.' | sort -t . -k 2n | awk -v most="$max_pending" '
  { name[NR] = $0 } END { for (i = 1; i <= NR - most; i++) print name[i] }' |
  while read -r old; do rm -f "$dir/$old"; done
(trap '' HUP; send) </dev/null >/dev/null 2>&1 &
exit 0
`;

/**
 * The `post-receive` hook (githooks(5)): a POSIX shell script that needs git and curl. What was pushed
 * is written to a file at once, because other pushes may change it; it is sent in the background.
 */
export function hookScript(options: HookOptions): string {
  const { url, tokenFile, repository, service, withEmails } = options;
  return `#!/bin/sh
# Tells Territory what was pushed: a post-receive hook, made by "territory hook post-receive".
# It never fails a push, and a push never waits for the network.
url=${quoted(url)}
token_file=${quoted(tokenFile)}
repository=${quoted(repository)}
service=${quoted(service)}
emails=${withEmails ? '1' : ''}
max_commits=${limits.commits}
max_refs=${limits.refs}
max_pending=${limits.pending}

${body}`;
}

/** One word for the shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
