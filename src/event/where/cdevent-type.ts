/**
 * `dev.cdevents.<subject>.<predicate>` or `dev.cdeventsx.<tool>-<subject>.<predicate>`: the type of
 * a CDEvent, but for the version that ends it (CDEvents 0.5, "type"). No name begins with a digit.
 */
const unversioned =
  /^dev\.(?:cdevents\.[A-Za-z]\w*|cdeventsx\.[A-Za-z0-9]\w*(?:-\w+)+)\.[A-Za-z][\w-]*$/;

/** Whether a text is the type of a CDEvent that lacks its version, and so means every version. */
export function isUnversioned(text: string): boolean {
  return unversioned.test(text);
}

/**
 * Whether a type is `type`, which has no version, in some version. A version is whatever follows a
 * dot and begins with a digit, so that what its sender spelled loosely is found too; and the type
 * without any is found by its own name.
 */
export function anyVersionOf(type: string): (held: string) => boolean {
  const { length } = type;
  return (held) => {
    if (!held.startsWith(type)) return false;
    if (held.length === length) return true;
    const digit = held.charCodeAt(length + 1) - 0x30;
    return held[length] === '.' && digit >= 0 && digit <= 9;
  };
}

/** The same as a regular expression of RE2. */
export function anyVersionPattern(type: string): string {
  // Of what an unversioned type is made of, only the dot means something in a pattern.
  return String.raw`^${type.replaceAll('.', String.raw`\.`)}(?:\.[0-9]|\z)`;
}
