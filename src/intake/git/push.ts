import type { Draft } from '../../event/event.ts';
import { type Decoded, refused } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import { factsOfChange, type RefChange } from './changes.ts';
import { commitFields, commitOf } from './commits.ts';
import { type About, draftOf, factOfTag, factsOfCommit } from './facts.ts';
import { nameOf, sourceOf } from './source.ts';
import { tagFields, tagOf } from './tags.ts';

/**
 * What the hook sends: records of fields, each field ended by a NUL (git allows none in names and
 * messages), a record beginning with its kind. docs/protocols/git.md has the table.
 */
const lengths: Readonly<Record<string, number>> = {
  push: 6,
  ref: 5,
  commit: commitFields.length,
  tag: tagFields.length,
  end: 0,
};

/** Version of what the hook sends; it stands in the first record. */
export const pushVersion = '1';

interface PushRecord {
  readonly kind: string;
  readonly fields: readonly string[];
}

/** Facts of one push. Throws TERR_INTAKE_DECODE when it is none. */
export function* decodePush(text: string): Generator<Decoded> {
  const reading = new PushReading();
  for (const record of recordsOf(text)) {
    if (record.kind === 'end') {
      yield* reading.end();
      return;
    }
    yield* reading.take(record);
  }
  yield* reading.end();
  yield refused('TERR_INTAKE_DECODE', 'The push is cut off: its end is missing.');
}

function* recordsOf(text: string): Generator<PushRecord> {
  let at = 0;
  const next = (): string | undefined => {
    const end = text.indexOf('\0', at);
    if (end < 0) return undefined;
    const field = text.slice(at, end);
    at = end + 1;
    return field;
  };
  for (;;) {
    // git log ends its records with a line end of its own.
    const kind = next()?.trimStart();
    if (kind === undefined) return;
    const length = Object.hasOwn(lengths, kind) ? lengths[kind] : undefined;
    if (length === undefined)
      throw intakeErrors('DECODE', `This is no push of Territory’s hook: ${kind.slice(0, 40)}`);
    const fields: string[] = [];
    for (let i = 0; i < length; i++) {
      const field = next();
      if (field === undefined) return;
      fields.push(field);
    }
    yield { kind, fields };
  }
}

/** Goes through the records of a push, and counts the commits of each ref. */
class PushReading {
  #about: About | undefined;
  #time = 0;
  #change: RefChange | undefined;
  #commits = 0;
  #most = 0;

  *take({ kind, fields }: PushRecord): Generator<Draft> {
    if (kind === 'push') this.#begin(fields);
    const about = this.#about;
    if (about === undefined) throw intakeErrors('DECODE', 'The push does not say its repository.');
    if (kind === 'ref') {
      yield* this.end();
      this.#ref(fields);
    } else if (kind === 'commit') {
      this.#commits++;
      const commit = commitOf(fields);
      yield* factsOfCommit({ ...commit, ref: this.#change?.ref ?? commit.ref }, about).map(draftOf);
    } else if (kind === 'tag') {
      const tag = tagOf(fields);
      if (tag !== undefined) yield draftOf(factOfTag(tag, about));
    }
  }

  /** What is to be said of the ref whose commits were read. */
  *end(): Generator<Draft> {
    const change = this.#change;
    this.#change = undefined;
    if (change === undefined || this.#about === undefined) return;
    const counted =
      change.after === undefined
        ? {}
        : { commits: this.#commits, truncated: this.#commits > this.#most };
    yield* factsOfChange({ ...change, ...counted }, this.#about);
  }

  #begin([version, repository = '', directory = '', service, seconds, emails]: readonly string[]) {
    if (version !== pushVersion)
      throw intakeErrors('DECODE', `The hook is of version ${version ?? ''}: install it anew.`);
    const source = sourceOf(repository, directory === '' ? '/' : directory);
    this.#time = Number(seconds) * 1000;
    this.#about = {
      source,
      repository: nameOf(source),
      withEmails: emails === '1',
      ...(service !== undefined && service !== '' && { service }),
    };
  }

  #ref([ref = '', before = '', after = '', forced, most]: readonly string[]): void {
    this.#commits = 0;
    this.#most = Number(most);
    this.#change = {
      ref,
      before: before === '' ? undefined : before,
      after: after === '' ? undefined : after,
      time: this.#time,
      forced: forced === '1',
    };
  }
}
