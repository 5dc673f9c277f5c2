import { Type } from 'typebox';
import { group, path } from './leaf.ts';

/** Checks: where they are, and what they may take. */
export const ChecksSettings = Type.Object(
  {
    folder: Type.Optional(
      path(
        'Folder of the features and of checks.yaml, watched for changes. Default: `checks` below `data`.',
      ),
    ),
  },
  group,
);
