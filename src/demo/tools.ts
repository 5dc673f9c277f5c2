import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Tools } from './company.ts';

/** What of the programs that the company can use is on the PATH. */
export function findTools(path: string): Tools {
  const has = (program: string): boolean =>
    path.split(delimiter).some((folder) => folder !== '' && isProgram(join(folder, program)));
  return {
    front: has('haproxy') ? 'haproxy' : 'built-in',
    encoder: has('ffmpeg') ? 'ffmpeg' : 'javascript',
    // The runner's migrations need both (docs/reference/migrations.md).
    migrations: has('sqlite3') && has('flock') ? 'runner' : 'site',
  };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
