import { expect, test } from 'vitest';
import { readConfigText } from './read.ts';

const read = (ssh: string) =>
  readConfigText(
    '/etc/territory/runner.yaml',
    `server: http://127.0.0.1:7070
token: x
home: /var/lib/runner
environments:
  production:
    ${ssh}
`,
    {},
  );

test('an environment behind ssh says how its machine is reached, and no more', () => {
  const ssh = `ssh: {target: deploy@web-1, port: 2222, identity: web-1.key, known-hosts: known, command: sudo territory}`;
  expect(read(ssh).config?.environments[0]?.ssh).toEqual({
    target: 'deploy@web-1',
    options: {
      command: ['sudo', 'territory', 'runner', 'far', '--config', '/etc/territory/runner.yaml'],
      port: 2222,
      identity: '/etc/territory/web-1.key',
      set: { UserKnownHostsFile: '/etc/territory/known', StrictHostKeyChecking: 'yes' },
    },
  });
});

test.each([
  ['ssh: {target: -oProxyCommand=id}', 6, 'user@host'],
  ['ssh: {}', 6, 'user@host'],
  ['ssh: {target: web-1, config: runner.yaml}', 6, 'the whole path'],
  ['ssh: {target: web-1, prot: 22}', 6, 'prot'],
  ['ssh: {target: web-1}\n    instances: 2', 7, 'instances'],
])('%s: line %i, %s', (ssh, line, words) => {
  const { faults } = read(ssh);
  expect(faults[0]).toMatchObject({ line, message: expect.stringContaining(words) });
});
