/** Ten lines to begin with; they compile and run on what the host probe sends. */
export const firstRule = `import { events, rule } from 'territory/rules';

rule('disk-nearly-full', () =>
  events
    .where('name = "system.filesystem.utilization"')
    .by('host', 'system.filesystem.mountpoint')
    .level({ critical: 'metric > 0.95', clear: 'metric < 0.9' })
    .changed('state', { from: 'ok' })
    .alert({ title: '{system.filesystem.mountpoint} of {host} is full' }),
);
`;
