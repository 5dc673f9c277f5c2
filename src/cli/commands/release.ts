import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addReleaseBuild } from '../release/build.ts';
import { addReleaseDiff } from '../release/diff.ts';
import { addReleaseList } from '../release/list.ts';
import { addReleasePush } from '../release/push.ts';
import { addReleaseShow } from '../release/show.ts';
import { addReleaseVerdict } from '../release/verdict.ts';

/** Adds `territory release build|push|show|list|diff|verdict`. */
export function addRelease(program: Command, context: Context): void {
  const parent = program
    .command('release')
    .summary('Build artefacts, send them to the server, look into them, and compare them.')
    .description(
      'Build immutable artefacts of code, database changes and configuration, look into them file by file, and compare any two.',
    );
  addReleaseBuild(parent, context);
  addReleasePush(parent, context);
  addReleaseShow(parent, context);
  addReleaseList(parent, context);
  addReleaseDiff(parent, context);
  addReleaseVerdict(parent, context);
}
