import { Type } from 'typebox';
import { duration, group, onOff, path, size } from './leaf.ts';

/** The rules: where they are, and what they may take. */
export const Rules = Type.Object(
  {
    enabled: onOff(true, 'Run the rules.'),
    directory: Type.Optional(
      path('Directory of the rule files, watched for changes. Default: `rules` below `data`.'),
    ),
    memory: size(
      '512MiB',
      'What all rules may hold together. Above 70 % of it the one that keeps growing is stopped.',
      64_000_000,
    ),
    turnTime: duration(
      '2s',
      'A rule that does not come to an end for this long is stopped; the others go on.',
      100,
    ),
    checkpoint: duration(
      '30s',
      'How often what the rules know is written down, to go on from after a stop.',
      1_000,
    ),
  },
  group,
);
