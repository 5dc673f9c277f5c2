import type { NewUser, User, UserChange } from '../api/contract.ts';
import { accountsError } from '../errors.ts';
import type { AccountBook } from './book.ts';
import type { UserRecord } from './file.ts';
import { type StoredPassword, hashPassword } from './password.ts';

interface By {
  /** Name of who does it. */
  readonly actor: string;
  /** ms since the epoch. */
  readonly now: number;
}

/** Throws TERR_ACCOUNTS_EXISTS, TERR_ACCOUNTS_FULL. */
export async function addUser(book: AccountBook, wanted: NewUser, by: By): Promise<User> {
  const password = await hashPassword(wanted.password);
  const { name, role } = wanted;
  return book.change(() => {
    if (book.users.has(name))
      throw accountsError('EXISTS', `there is a user named ${name}`, { field: 'name' });
    const user = { name, role, created: by.now, lastSeen: null, disabled: false, password };
    return {
      fact: {
        what: 'user',
        happened: 'created',
        subject: name,
        actor: by.actor,
        attributes: { role },
      },
      user,
      result: showUser(user),
    };
  });
}

/** Throws TERR_ACCOUNTS_UNKNOWN, TERR_ACCOUNTS_LAST_ADMIN. */
export async function changeUser(
  book: AccountBook,
  name: string,
  wanted: UserChange,
  by: By,
): Promise<User> {
  const password = wanted.password === undefined ? undefined : await hashPassword(wanted.password);
  return book.change(() => {
    const user = changed(known(book, name), wanted, password);
    const attributes = {
      role: user.role,
      disabled: String(user.disabled),
      ...(password ? { password: 'changed' } : {}),
    };
    return {
      fact: { what: 'user', happened: 'changed', subject: name, actor: by.actor, attributes },
      user,
      result: showUser(user),
    };
  });
}

/** Throws TERR_ACCOUNTS_UNKNOWN, TERR_ACCOUNTS_LAST_ADMIN. */
export function removeUser(book: AccountBook, name: string, actor: string): Promise<void> {
  return book.change(() => {
    const { role } = known(book, name);
    return {
      fact: { what: 'user', happened: 'removed', subject: name, actor, attributes: { role } },
      removeUser: name,
      result: undefined,
    };
  });
}

/** A user as the API shows it. */
export function showUser(record: UserRecord): User {
  const { password: _, ...user } = record;
  return user;
}

function known(book: AccountBook, name: string): UserRecord {
  const user = book.users.get(name);
  if (user === undefined) throw accountsError('UNKNOWN', `there is no user named ${name}`);
  return user;
}

function changed(
  user: UserRecord,
  wanted: UserChange,
  password: StoredPassword | undefined,
): UserRecord {
  return {
    ...user,
    role: wanted.role ?? user.role,
    disabled: wanted.disabled ?? user.disabled,
    password: password ?? user.password,
  };
}
