import type { Field } from '../../rooms/releases/manifest/field.ts';
import type { SshPlace } from '../ssh/connection.ts';
import type { Secrets } from './secrets.ts';

/** How `territory` is called there, unless it is said. */
const usualCommand = 'territory';
const usualConfig = '/etc/territory/runner.yaml';

/** What stands below `ssh`: how the machine of an environment is reached. */
export function readSsh(field: Field, secrets: Secrets): SshPlace | undefined {
  if (!field.exists) return undefined;
  field.known(['target', 'port', 'identity', 'known-hosts', 'command', 'config']);
  const target = field.get('target').text();
  if (target === undefined || !/^[^\s-]\S*$/.test(target)) {
    field.error('"ssh" has the machine as user@host or a name of ssh_config: {target: …}');
    return undefined;
  }
  const port = field.get('port').whole(1, 65_535);
  const identity = secrets.path(field.get('identity'));
  const known = secrets.path(field.get('known-hosts'));
  const command = (field.get('command').text() ?? usualCommand).split(' ').filter((s) => s !== '');
  const config = field.get('config').text() ?? usualConfig;
  if (!config.startsWith('/'))
    field.get('config').error('"config" is the whole path of runner.yaml on that machine');
  return {
    target,
    options: {
      command: [...command, 'runner', 'far', '--config', config],
      ...(port === undefined ? {} : { port }),
      ...(identity === undefined ? {} : { identity }),
      ...(known === undefined
        ? {}
        : { set: { UserKnownHostsFile: known, StrictHostKeyChecking: 'yes' } }),
    },
  };
}
