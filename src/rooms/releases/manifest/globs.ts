/**
 * Whether a path matches one of the globs: `*` and `?` within a folder, `**` across folders,
 * `{a,b}` either, `[a-z]` one of. A glob that names a folder takes everything in it.
 */
export function matcherOf(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => new RegExp(`^${sourceOf(glob)}(?:/.*)?$`, 's'));
  return (path) => patterns.some((pattern) => pattern.test(path));
}

/** One token of a glob after the other; a brace or bracket without its end stands for itself. */
const token = /\*\*\/|\*\*|\*|\?|\{([^{}]*)\}|\[(!?)([^\]/]+)\]|[^]/g;

function sourceOf(glob: string): string {
  return glob.replace(token, (found, either?: string, not?: string, set?: string) => {
    if (found === '**/') return '(?:[^/]+/)*';
    if (found === '**') return '.*';
    if (found === '*') return '[^/]*';
    if (found === '?') return '[^/]';
    if (either !== undefined) return `(?:${either.split(',').map(sourceOf).join('|')})`;
    if (set !== undefined) return `[${not ? '^/' : ''}${set.replace(/[\\^]/g, '\\$&')}]`;
    return found.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
}
