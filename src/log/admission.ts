import type { Lines } from '../event/batch.ts';
import type { IdentityWindow } from './identity-window.ts';
import { dropLines, type SubjectLine } from './lines.ts';
import type { Expectation } from './log.ts';
import { logErrors } from './errors.ts';

/** What an append asks for, checked and with its subjects read. */
export interface Request {
  readonly lines: Lines;
  readonly subjects: readonly SubjectLine[];
  readonly expect: Expectation | undefined;
}

/** What is left to write of an append; its identities are in the window now. */
export interface Admitted {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly identities: Uint32Array;
  readonly subjects: readonly SubjectLine[];
  readonly duplicates: readonly number[];
  /** How many identities the window took: what a failed commit takes out again. */
  readonly remembered: number;
}

/** A lost race: TERR_LOG_CONFLICT. Not thrown, because a group commit goes on with the others. */
export interface Refused {
  readonly conflict: Error;
}

/**
 * Drops the duplicates and then checks the expectation, in this order: who sends a conditional
 * append a second time because the answer was lost gets "all duplicates", not a conflict with
 * itself. After a conflict nothing is remembered.
 *
 * @param version the offset of the last fact on a subject, 0 when there is none
 */
export function admit(
  request: Request,
  window: IdentityWindow,
  version: (subject: string) => number,
): Admitted | Refused {
  const { lines, expect } = request;
  const { duplicates, remembered } = remember(lines, window);
  const count = lines.count - duplicates.length;
  if (count > 0 && expect !== undefined && version(expect.subject) !== expect.version) {
    window.removeNewest(remembered);
    return { conflict: conflict(expect, version(expect.subject)) };
  }
  if (duplicates.length === 0)
    return { ...lines, subjects: request.subjects, duplicates, remembered };
  const dropped = new Set(duplicates);
  return {
    bytes: dropLines(lines.bytes, duplicates),
    count,
    identities: lines.identities.filter((_, word) => !dropped.has(word >>> 1)),
    subjects: shiftSubjects(request.subjects, duplicates),
    duplicates,
    remembered,
  };
}

function remember(lines: Lines, window: IdentityWindow) {
  const duplicates: number[] = [];
  let remembered = 0;
  for (let index = 0; index < lines.count; index++) {
    const high = lines.identities[index * 2] ?? 0;
    const low = lines.identities[index * 2 + 1] ?? 0;
    if (high === 0 && low === 0) continue;
    if (window.add(high, low)) remembered += 1;
    else duplicates.push(index);
  }
  return { duplicates, remembered };
}

function shiftSubjects(
  subjects: readonly SubjectLine[],
  dropped: readonly number[],
): SubjectLine[] {
  let before = 0;
  return subjects.flatMap(([index, subject]): SubjectLine[] => {
    while (before < dropped.length && (dropped[before] ?? 0) < index) before += 1;
    return dropped[before] === index ? [] : [[index - before, subject]];
  });
}

function conflict(expect: Expectation, current: number) {
  const found = current === 0 ? 'has no fact' : `is at version ${current}`;
  return logErrors(
    'CONFLICT',
    `Subject "${expect.subject}" ${found}, expected was ${expect.version}. Read it again and decide anew.`,
    { field: 'expect' },
  );
}
