import { Type } from 'typebox';
import { count, duration, group, onOff, path, size } from './leaf.ts';

/** Checks: where they are, and what they may take. */
export const ChecksSettings = Type.Object(
  {
    enabled: onOff(true, 'Run the checks.'),
    folder: Type.Optional(
      path(
        'Folder of the features and of checks.yaml, watched for changes. Default: `checks` below `data`.',
      ),
    ),
    browser: Type.Optional(
      path('Chromium or Chrome for the steps of a browser. Default: the one in PATH.'),
    ),
    memory: size('256MiB', 'What the thread of the checks may hold.', 64_000_000),
    stepTime: duration(
      '2s',
      'A step that keeps all other checks from running for this long is stopped; its check is not run again until it is changed.',
      100,
    ),
    atOnce: count(128, 'Checks that run at once.', [1, 1_000]),
    perTarget: count(
      16,
      'Checks that run at once against one target; against one host twice as many.',
      [1, 1_000],
    ),
    checkpoint: duration(
      '30s',
      'How often what is known of the checks is written down, to go on from after a stop.',
      1_000,
    ),
    keepDetails: size(
      '256MiB',
      'The steps, answers and screenshots of runs take at most this; the oldest go first.',
      1_000_000,
    ),
  },
  group,
);
