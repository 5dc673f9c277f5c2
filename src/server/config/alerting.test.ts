import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type LoadedConfig, loadConfig, showProblem } from './load.ts';
import { settings } from './schema.ts';

function load(text: string): LoadedConfig {
  const file = join(mkdtempSync(join(tmpdir(), 'territory-config-')), 'territory.yaml');
  writeFileSync(file, text);
  return loadConfig({ file });
}

function problemsOf(text: string): string[] {
  const loaded = load(text);
  if (loaded.ok) throw new Error('expected problems');
  return loaded.problems.map((p) => showProblem(p).replace(/^.*territory\.yaml/, 'territory.yaml'));
}

test('the examples on the page of settings are right, and right together', () => {
  const indent = (lines: string) => lines.replaceAll(/^/gm, '    ');
  const [notify, scale] = ['notify', 'scale'].map((group) =>
    settings
      .filter(({ name, example }) => name.startsWith(`${group}.`) && example !== undefined)
      .map(({ name, example = '' }) => `  ${name.slice(group.length + 1)}:\n${indent(example)}\n`)
      .join(''),
  );
  const loaded = load(`notify:\n${notify}scale:\n${scale}`);
  expect(loaded).toMatchObject({
    ok: true,
    config: {
      notify: {
        routes: [{ groupWait: '30s', to: ['mail:ops@example.org', 'webhook:chat'] }, {}],
        teams: { web: ['mail:web@example.org'] },
        inhibit: [{ equal: ['host'] }],
        webhooks: { chat: { url: { file: '/etc/territory/slack-url' } } },
      },
      scale: { targets: [{ cooldown: '5m' }] },
    },
  });
});

test('what is wrong inside a list is reported with its line and column, in words', () => {
  const text = `notify:
  routes:
    - where: service = "a"
      to: [browser]
    - where: 'service ='
      to: [mail:ops]
  teams:
    web: [browser]
  webhooks:
    chat:
      url: https://example.org
      colour: red
  inhibit:
    - source: 'true'
scale:
  targets: 5
`;
  expect(problemsOf(text)).toEqual([
    'territory.yaml:5:14: notify.routes (1.where) column 10: expected a value: text in quotes, a number, true, false or nil, but the query ends',
    'territory.yaml:12:15: notify.webhooks (chat.colour) is not known here',
    'territory.yaml:14:7: notify.inhibit (0) must have required properties target, equal',
    'territory.yaml:16:12: scale.targets must be a list (as JSON in a flag or variable)',
  ]);
});

test('a flag takes a list as JSON', () => {
  const loaded = loadConfig({ flags: { 'notify.routes': '[{"to":["browser"]}]' } });
  expect(loaded).toMatchObject({ ok: true, config: { notify: { routes: [{ to: ['browser'] }] } } });
  expect(loadConfig({ flags: { 'notify.routes': '[' } }).ok).toBe(false);
});

test('settings that do not fit each other are told', () => {
  const text = `alerts: { flapping: { high: 10, low: 20 } }
notify:
  mail: { host: localhost }
  routes: [{ to: ['webhook:chat'] }]
  teams: { web: ['webhook:pager'] }
  webhooks: { other: { url: 'https://x', template: '{"a": "{alert.titel}"}' } }
scale:
  targets:
    - target: a
    - { target: b, webhook: chat }
`;
  expect(problemsOf(text).map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'alerts.flapping.low must not be above alerts.flapping.high',
    'notify.mail.from must be set to send mail',
    'notify.webhooks (other.template) there is no {alert.titel}',
    'notify.routes (0.to) there is no chat in notify.webhooks',
    'notify.teams (web) there is no pager in notify.webhooks',
    'scale.targets (0) needs either a webhook or a command',
    'scale.targets (1.webhook) there is no chat in notify.webhooks',
  ]);
});
