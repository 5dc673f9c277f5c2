import { constants, accessSync, existsSync, readdirSync, statSync, statfsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readAccounts } from '../../server/accounts/file.ts';
import { formatSize } from '../../event/quantity.ts';
import { plural } from '../words.ts';
import { type Finding, ok, reasonOf, warning, wrong } from './finding.ts';

/** The data directory itself: there, ours, writable, closed to others. */
export function checkDirectory(dir: string): Finding[] {
  const check = 'data directory';
  if (!existsSync(dir)) return [checkParent(dir)];
  const stat = statSync(dir);
  if (!stat.isDirectory())
    return [wrong(check, `${dir} is no directory`, 'move it away, or give another --data')];
  const mine = process.getuid?.();
  const findings: Finding[] = [];
  if (mine !== undefined && mine !== 0 && stat.uid !== mine)
    findings.push(
      wrong(
        check,
        `${dir} belongs to user ${stat.uid}, this is user ${mine}`,
        `run as its owner, or: chown -R ${mine} ${dir}`,
      ),
    );
  for (const path of [dir, ...readdirSync(dir).map((name) => join(dir, name))])
    if (!isUsable(path))
      findings.push(
        wrong(check, `${path} can not be read and written`, `chmod u+rw ${path}, as its owner`),
      );
  if ((stat.mode & 0o007) !== 0)
    findings.push(
      warning(check, `${dir} is open to every user of this machine`, `chmod o-rwx ${dir}`),
    );
  return findings.length > 0 ? findings : [ok(check, resolve(dir))];
}

function checkParent(dir: string): Finding {
  let parent = dirname(resolve(dir));
  while (!existsSync(parent)) parent = dirname(parent);
  return isUsable(parent)
    ? ok('data directory', `${resolve(dir)} is not there yet; the first start makes it`)
    : wrong(
        'data directory',
        `${resolve(dir)} can not be made: ${parent} is not writable`,
        'give another --data, or make it as root and chown it',
      );
}

function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Room on the disk against `log.reserve` and `log.minFree`. */
export function checkDisk(
  dir: string,
  limits: { readonly reserve: number; readonly minFree: number },
): Finding {
  let place = resolve(dir);
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize, blocks } = statfsSync(place);
  const free = bavail * bsize;
  const share = blocks === 0 ? 0 : (bavail / blocks) * 100;
  const shown = `${rounded(free)} free (${share.toFixed(0)} %) for ${place}`;
  if (free < limits.reserve)
    return wrong(
      'disk',
      shown,
      `make room: below log.reserve (${formatSize(limits.reserve)}) events are refused`,
    );
  if (free >= limits.minFree) return ok('disk', shown);
  return warning(
    'disk',
    shown,
    `make room, or shorten log.retention and history.retention: below log.minFree (${formatSize(limits.minFree)}) readings leave the log early`,
  );
}

const rounded = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;

/** The files that hold secrets: nobody else may read them. */
export function checkSecrets(dir: string): Finding[] {
  const findings: Finding[] = [];
  for (const name of ['admin.token', 'accounts.json', 'webhooks.json']) {
    const path = join(dir, name);
    if (!existsSync(path)) continue;
    const { mode, uid } = statSync(path);
    const shown = (mode & 0o777).toString(8).padStart(4, '0');
    if ((mode & 0o077) !== 0)
      findings.push(
        wrong(
          'secrets',
          `${path} has mode ${shown}: others can read it`,
          `chmod 600 ${path}, then replace what is in it (territory token revoke, webhook remove)`,
        ),
      );
    else if (uid !== statSync(dir).uid)
      findings.push(
        wrong(
          'secrets',
          `${path} belongs to user ${uid}, its directory does not`,
          `chown ${statSync(dir).uid} ${path}`,
        ),
      );
    else findings.push(ok('secrets', `${name} has mode ${shown}`));
  }
  return findings;
}

/** The users and tokens can be read. */
export function checkAccounts(dir: string): Finding[] {
  try {
    const accounts = readAccounts(join(dir, 'accounts.json'));
    if (accounts === undefined) return [];
    const { users, tokens } = accounts;
    return [ok('accounts', `${plural(users.length, 'user')}, ${plural(tokens.length, 'token')}`)];
  } catch (error) {
    return [
      wrong(
        'accounts',
        reasonOf(error),
        'put back accounts.json from a backup; without it a new admin.token is made',
      ),
    ];
  }
}
