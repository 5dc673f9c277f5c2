import { totalmem } from 'node:os';
import { type LoadedConfig, showProblem } from '../../server/config/load.ts';
import { plural } from '../words.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** Node's version: `engines` in package.json. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return ok('node', `Node ${version}`);
  return wrong('node', `Node ${version} is too old`, 'install Node 20.19 or later');
}

/** Every problem of the configuration, with line and column where it has them. */
export function checkConfig(loaded: LoadedConfig, file: string | undefined): Finding[] {
  if (!loaded.ok)
    return loaded.problems.map((problem) =>
      wrong(
        'configuration',
        showProblem(problem),
        'correct it; docs/reference/configuration.md lists the settings',
      ),
    );
  const given = Object.entries(loaded.origins).filter(([, origin]) => origin !== 'default');
  const where = file === undefined ? 'no file' : file;
  return [
    ok(
      'configuration',
      `${where}, ${plural(given.length, 'setting differs', 'settings differ')} from the default`,
    ),
  ];
}

/** History alone may use `history.query.memory` for one query, and as much again for merges. */
export function checkMemory(queryMemory: number): Finding {
  const total = totalmem();
  const needed = queryMemory * 2 + 400_000_000;
  const shown = `${(total / 1e9).toFixed(1)} GB of memory`;
  return total >= needed
    ? ok('memory', shown)
    : warning('memory', shown, 'lower history.query.memory, or give the machine more memory');
}

/** Events are dated by this clock where their sender gives no time. */
export function checkClock(now: number, builtAfter: number): Finding {
  return now > builtAfter
    ? ok('clock', new Date(now).toISOString())
    : wrong('clock', `the clock says ${new Date(now).toISOString()}`, 'set it, best with NTP');
}
