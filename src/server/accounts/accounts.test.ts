import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Accounts, type AccountsOptions, cookieOf, sessionCookie } from './accounts.ts';
import { Attempts } from './attempts.ts';
import type { AccountFact } from './book.ts';
import { checkPassword, hashPassword } from './password.ts';
import { fitsPatterns, rightsOf } from './rights.ts';
import { Sessions } from './sessions.ts';
import { issueToken, revokeToken } from './tokens.ts';
import { addUser, changeUser, removeUser } from './users.ts';

const cheap = { n: 2 ** 10, r: 8, p: 1 };
const minute = 60_000;

interface World {
  readonly accounts: Accounts;
  readonly facts: AccountFact[];
  readonly dir: string;
  readonly clock: { now: number };
  readonly adminToken: string;
  readonly reopen: () => Promise<Accounts>;
}

async function world(): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'territory-accounts-'));
  const facts: AccountFact[] = [];
  const clock = { now: 1_000_000 };
  const options: AccountsOptions = {
    dir,
    sessions: { idle: 10 * minute, lifetime: 60 * minute, max: 100 },
    signIn: { attempts: 3, window: 5 * minute },
    linkLifetime: 30 * minute,
    audit: async (fact) => void facts.push(fact),
    now: () => clock.now,
  };
  const accounts = await Accounts.open(options);
  const adminToken = readFileSync(join(dir, 'admin.token'), 'utf8').trim();
  return { accounts, facts, dir, clock, adminToken, reopen: () => Accounts.open(options) };
}

const by = { actor: 'test', now: 1_000_000 };
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const cookie = (value: string) => ({ cookie: `a=b; ${sessionCookie}=${value}` });
const passwordOfAda = 'correct horse battery';

async function withAda(over: { role?: 'viewer' | 'admin' } = {}): Promise<World> {
  const made = await world();
  const wanted = { name: 'ada', role: over.role ?? 'viewer', password: passwordOfAda } as const;
  await addUser(made.accounts.book, wanted, by);
  return made;
}

test('the first start makes an admin token that only the owner may read, later ones do not', async () => {
  const { accounts, dir, adminToken, facts, reopen } = await world();
  expect(statSync(join(dir, 'admin.token')).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, 'accounts.json')).mode & 0o777).toBe(0o600);
  expect(adminToken).toMatch(/^tty_[\w-]{43}$/);
  expect(accounts.authenticate(bearer(adminToken))?.role).toBe('admin');
  const again = await reopen();
  expect(again.authenticate(bearer(adminToken))?.name).toBe('admin');
  expect(facts).toHaveLength(1);
});

test('neither the file nor the facts hold a secret', async () => {
  const { dir, facts, adminToken } = await withAda();
  const kept = readFileSync(join(dir, 'accounts.json'), 'utf8') + JSON.stringify(facts);
  expect(kept).not.toContain(adminToken.slice(4));
  expect(kept).not.toContain(passwordOfAda);
});

test('every change is a fact with its actor', async () => {
  const { accounts, facts } = await withAda();
  const { token } = await issueToken(accounts.book, { name: 'ci', scope: { may: 'send' } }, by);
  await revokeToken(accounts.book, token.id, 'grace');
  await changeUser(accounts.book, 'ada', { role: 'member' }, { ...by, actor: 'grace' });
  await removeUser(accounts.book, 'ada', 'grace');
  expect(facts.map(({ what, happened, actor }) => `${what} ${happened} by ${actor}`)).toEqual([
    'token created by territory',
    'user created by test',
    'token created by test',
    'token revoked by grace',
    'user changed by grace',
    'user removed by grace',
  ]);
});

test('a change whose fact cannot be stored is not made', async () => {
  const { accounts, dir } = await world();
  const failing = await Accounts.open({
    dir,
    sessions: { idle: 1, lifetime: 1, max: 1 },
    signIn: { attempts: 1, window: 1 },
    linkLifetime: 1,
    audit: () => Promise.reject(new Error('disk full')),
    now: () => 5,
  });
  const wanted = { name: 'ci', scope: { may: 'send' } } as const;
  await expect(issueToken(failing.book, wanted, by)).rejects.toThrow('disk full');
  expect(failing.book.tokens.size).toBe(accounts.book.tokens.size);
});

test('a token is good until it expires or is revoked', async () => {
  const { accounts, clock } = await world();
  const wanted = { name: 'ci', scope: { may: 'read' }, expires: clock.now + minute } as const;
  const { secret, token } = await issueToken(accounts.book, wanted, by);
  expect(accounts.authenticate(bearer(secret))?.name).toBe('ci');
  expect(accounts.book.tokens.get(token.id)?.lastUsed).toBe(clock.now);
  clock.now += minute;
  expect(() => accounts.authenticate(bearer(secret))).toThrow('expired');
  expect(() => accounts.authenticate(bearer('tty_wrong'))).toThrow('unknown');
  expect(accounts.authenticate({})).toBeUndefined();
});

test('a token sends only what its scope allows', async () => {
  const { accounts } = await world();
  const scope = { may: 'send', sources: ['/ci/*'], types: ['dev.cdevents.*', 'metric'] } as const;
  const { secret } = await issueToken(
    accounts.book,
    { name: 'ci', scope: { ...scope, sources: [...scope.sources], types: [...scope.types] } },
    by,
  );
  const sender = accounts.sender(`Bearer ${secret}`);
  expect(sender?.source).toBe('/tokens/ci');
  expect(sender?.unrestricted).toBe(false);
  expect(sender?.maySend('metric', '/ci/web')).toBe(true);
  expect(sender?.maySend('dev.cdevents.build.started.0.2.0', '/ci/web')).toBe(true);
  expect(sender?.maySend('log', '/ci/web')).toBe(false);
  expect(sender?.maySend('metric', '/other')).toBe(false);
  const reader = await issueToken(accounts.book, { name: 'r', scope: { may: 'read' } }, by);
  expect(accounts.sender(`Bearer ${reader.secret}`)).toBeUndefined();
  expect(accounts.knows(`bearer ${reader.secret}`)).toBe(true);
});

test('a user signs in, and the session ends by idleness, by age and when the user is disabled', async () => {
  const { accounts, clock } = await withAda();
  const credentials = { name: 'ada', password: passwordOfAda };
  const signIn = async () => (await accounts.signIn(credentials, '::1')).cookie;
  const idle = await signIn();
  expect(accounts.authenticate(cookie(idle))).toMatchObject({ name: 'ada', role: 'viewer' });
  clock.now += 10 * minute;
  expect(accounts.authenticate(cookie(idle))).toBeUndefined();

  const busy = await signIn();
  for (let i = 0; i < 7; i++) {
    clock.now += 9 * minute;
    accounts.authenticate(cookie(busy));
  }
  expect(accounts.authenticate(cookie(busy))).toBeUndefined();

  const open = await signIn();
  await changeUser(accounts.book, 'ada', { disabled: true }, by);
  expect(accounts.authenticate(cookie(open))).toBeUndefined();
  await expect(signIn()).rejects.toThrow('not right');
});

test('failed sign-ins are bounded by name and address, also for names that nobody has', async () => {
  const { accounts, clock } = await withAda();
  for (const name of ['ada', 'nobody']) {
    for (let i = 0; i < 3; i++)
      await expect(accounts.signIn({ name, password: 'wrong' }, '::1')).rejects.toMatchObject({
        code: 'TERR_ACCOUNTS_SIGN_IN',
      });
    await expect(accounts.signIn({ name, password: passwordOfAda }, '::1')).rejects.toMatchObject({
      code: 'TERR_ACCOUNTS_SLOW_DOWN',
      details: { retryAfter: 300 },
    });
  }
  await accounts.signIn({ name: 'ada', password: passwordOfAda }, '::2');
  clock.now += 5 * minute;
  await accounts.signIn({ name: 'ada', password: passwordOfAda }, '::1');
});

test('a one-time link signs in once and only in time', async () => {
  const { accounts, clock } = await withAda();
  const link = accounts.linkFor('ada');
  expect((await accounts.signIn({ token: link.code }, '::1')).actor.name).toBe('ada');
  await expect(accounts.signIn({ token: link.code }, '::1')).rejects.toThrow('not right');
  const late = accounts.adminLink();
  clock.now += 30 * minute;
  await expect(accounts.signIn({ token: late?.code ?? '' }, '::1')).rejects.toThrow('not right');
  expect(() => accounts.linkFor('nobody')).toThrow('no user');
});

test('the last admin can neither go nor be made less', async () => {
  const { accounts } = await withAda({ role: 'admin' });
  const [admin] = accounts.book.tokens.keys();
  await revokeToken(accounts.book, admin ?? '', 'test');
  await expect(removeUser(accounts.book, 'ada', 'test')).rejects.toMatchObject({ status: 409 });
  await expect(changeUser(accounts.book, 'ada', { role: 'viewer' }, by)).rejects.toThrow('admin');
  await expect(changeUser(accounts.book, 'ada', { disabled: true }, by)).rejects.toThrow('admin');
});

test('names are taken once, also when two ask at the same moment', async () => {
  const { accounts } = await world();
  const wanted = { name: 'ci', scope: { may: 'send' } } as const;
  const both = await Promise.allSettled([
    issueToken(accounts.book, wanted, by),
    issueToken(accounts.book, wanted, by),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('a damaged or newer file of accounts stops the start and names the file', async () => {
  const { dir, reopen } = await world();
  for (const text of ['{', '{"version":2,"users":[],"tokens":[]}', '[]']) {
    writeFileSync(join(dir, 'accounts.json'), text);
    await expect(reopen()).rejects.toMatchObject({ code: 'TERR_ACCOUNTS_FILE' });
  }
});

test('a password is kept with the cost that made it, and checked with that', async () => {
  const stored = await hashPassword('pässword', cheap);
  expect(stored).toMatchObject({ kdf: 'scrypt', ...cheap });
  expect(await checkPassword(stored, 'pa\u0308ssword')).toBe(true);
  expect(await checkPassword(stored, 'password')).toBe(false);
});

test('sessions are bounded: the least recently used one gives way', () => {
  const sessions = new Sessions({ idle: 100, lifetime: 100, max: 2 });
  const holder = { kind: 'user', name: 'ada' } as const;
  const [first, second] = [sessions.open(holder, 0), sessions.open(holder, 1)];
  sessions.find(first.cookie, 2);
  sessions.open(holder, 3);
  expect(sessions.find(first.cookie, 4)).toBeDefined();
  expect(sessions.find(second.cookie, 4)).toBeUndefined();
  expect(sessions.evicted).toBe(1);
});

test('a stranger who fails in a name does not lock its owner out', () => {
  const attempts = new Attempts({ attempts: 3, window: 1000 });
  for (let i = 0; i < 20; i++) attempts.failed('ada', `10.0.0.${i}`, 0);
  expect(attempts.wait('ada', '192.168.0.1', 10)).toBe(0);
  for (let i = 0; i < 20; i++) attempts.failed(`name${i}`, '10.9.9.9', 0);
  expect(attempts.wait('other', '10.9.9.9', 10)).toBe(1);
});

test.each([
  ['/ci/web', ['/ci/*'], true],
  ['/ci', ['/ci/*'], false],
  ['/ci', ['/ci'], true],
  ['anything', undefined, true],
  ['anything', ['*'], true],
  ['anything', [], false],
] as const)('%s fits %j: %s', (value, patterns, fits) => {
  expect(fitsPatterns(value, patterns)).toBe(fits);
});

test('each role may do what the ones before it may', () => {
  const roles = ['viewer', 'member', 'gatekeeper', 'admin'] as const;
  const sizes = roles.map((role) => rightsOf(role).size);
  expect(sizes).toEqual([...sizes].toSorted((a, b) => a - b));
  expect(cookieOf('x=1; y=2', 'y')).toBe('2');
  expect(cookieOf(undefined, 'y')).toBeUndefined();
});
