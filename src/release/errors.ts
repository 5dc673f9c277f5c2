import { defineErrors } from '../errors/coded-error.ts';

/** Why a release can not be built, found or read. See docs/errors.md. */
export const releaseErrors = defineErrors('RELEASE', {
  REPOSITORY: { status: 400, title: 'The repository can not be built from' },
  TAG: { status: 400, title: 'There is no such tag' },
  DIRTY: { status: 409, title: 'The work tree has changes that are in no commit' },
  MANIFEST: { status: 400, title: 'The manifest is not right' },
  BUILD: { status: 502, title: 'The build failed' },
  CONTENT: { status: 400, title: 'The files do not make an artefact' },
  MOVED: { status: 409, title: 'The tag was moved' },
  ARTEFACT: { status: 409, title: 'The artefact is not what it was' },
  UNKNOWN: { status: 404, title: 'There is no such release or file' },
  VALUES: { status: 400, title: 'The file of values can not be read' },
  BLOB: { status: 400, title: 'The bytes are not those that were announced' },
  OFFSET: { status: 409, title: 'The bytes do not go on where the others ended' },
  BUSY: { status: 503, title: 'The server takes as many artefacts as it can' },
  NOT_ALLOWED: { status: 403, title: 'The server does not allow this' },
  UNREACHABLE: { status: 503, title: 'The server of artefacts can not be reached' },
  SERVER: { status: 502, title: 'The server of artefacts refused' },
  STORE: { status: 507, title: 'The store of artefacts can not be written' },
});
