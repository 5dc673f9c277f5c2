import type { HttpProtocol } from '../http/protocol.ts';
import { decodePush } from './push.ts';

/** Where the hook sends to. */
export const hookPath = '/git/post-receive';

/** Pushes, as the `post-receive` hook of a git server tells them. */
export const gitHook: HttpProtocol = {
  name: 'git-hook',
  title: 'git pushes (post-receive hook)',
  path: hookPath,
  takes: (path) => path === hookPath,
  decode: ({ body }) => decodePush(body.toString()),
  answer: ({ failure, accepted, duplicates, refused, errors }) => {
    const said =
      failure === undefined
        ? { accepted, duplicates, refused, errors }
        : { status: failure.status, code: failure.code, detail: failure.message };
    return {
      status: failure?.status ?? 200,
      headers: { 'content-type': 'application/json' },
      body: `${JSON.stringify(said)}\n`,
    };
  },
};
