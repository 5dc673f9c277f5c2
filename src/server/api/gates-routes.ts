import { shortName } from '../../rooms/alerts/names.ts';
import { isOver } from '../../rooms/gates/gate.ts';
import { gatesError } from '../../rooms/gates/errors.ts';
import type { GatesCommand } from '../../rooms/gates/room.ts';
import { checkedScope, scopeText } from '../../rooms/gates/scope.ts';
import { lockOf } from '../../rooms/gates/state.ts';
import { type Asked, mayFrom } from '../../rooms/gates/verdict.ts';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/guard.ts';
import type { Parts } from '../parts.ts';
import { answers, made } from './answers.ts';
import {
  Block,
  Blocks,
  Freeze,
  Freezes,
  GatesAsked,
  GatesListQuery,
  GatesQuery,
  GatesVerdict,
  Lock,
  Locks,
  NewBlock,
  NewFreeze,
  NewLock,
  NewWindow,
  Window,
  Windows,
} from './contract-gates.ts';
import { blockView, freezeView, lockView, verdictView, windowView } from './gates-views.ts';
import { again, givenBy, idParams } from './giving.ts';
import { readTime } from './times.ts';

const tags = ['releases'];
const act = { needs: 'act' } as const;
const release = { needs: 'release' } as const;

type GatesParts = Pick<Parts, 'gates' | 'now'>;

/** Everything under /api/v1/releases about locks, freezes, post-its, windows and what they say. */
export function addGatesRoutes(app: App, parts: Parts): void {
  addVerdict(app, parts);
  addLocks(app, parts);
  addFreezes(app, parts);
  addBlocks(app, parts);
  addWindows(app, parts);
}

function addVerdict(app: App, { gates, now }: GatesParts): void {
  const { desk } = gates;
  const path = '/api/v1/releases/gates';
  const tell = (asked: Asked) => {
    const at = now();
    const verdict = desk.ask(asked);
    const from = mayFrom(desk.keeper.state, asked, at);
    return { verdict, view: verdictView(asked, verdict, { now: at, from }) };
  };
  app.get(
    path,
    {
      schema: {
        summary: 'Whether a deploy may go out now; if not, why, until when, and what would lift it',
        description: 'It is an answer and stops nobody: who deploys asks, and heeds it.',
        tags,
        querystring: GatesQuery,
        response: answers(GatesVerdict, 400, 401, 403, 503),
      },
    },
    async (request): Promise<GatesVerdict> =>
      tell(askedIn(request.query, actorOf(request).name)).view,
  );
  app.post(
    path,
    {
      schema: {
        summary: 'The same, and a refusal is recorded as a fact about the deploy',
        description: again,
        tags,
        body: GatesAsked,
        response: answers(GatesVerdict, 400, 401, 403, 503),
      },
      config: act,
    },
    async (request): Promise<GatesVerdict> => {
      const { deployment, ...query } = request.body;
      const asked = askedIn(query, actorOf(request).name);
      const { verdict, view } = tell(asked);
      if (!verdict.may) await desk.record(asked, verdict, deployment ?? givenBy(request).id);
      return view;
    },
  );
}

function askedIn({ app, environment, version, actor, started }: GatesQuery, self: string): Asked {
  return {
    app,
    environment,
    version,
    actor: actor ?? self,
    ...(started !== undefined && { started: readTime(started, 'started') }),
  };
}

function addLocks(app: App, { gates, now }: GatesParts): void {
  const { desk } = gates;
  app.get(
    '/api/v1/releases/locks',
    {
      schema: {
        summary: 'Locks that are held',
        tags,
        querystring: GatesListQuery,
        response: answers(Locks, 400, 401, 403, 503),
      },
    },
    async (request) => {
      const locks = listed(desk.keeper.state.locks, request.query.all, now());
      return { locks: locks.map((one) => lockView(one, now())) };
    },
  );
  app.post(
    '/api/v1/releases/locks',
    {
      schema: {
        summary: 'Take a lock for a while (an hour by default); for who has it: for longer',
        description: again,
        tags,
        body: NewLock,
        response: made(Lock, 400, 401, 403, 409, 503),
      },
      config: act,
    },
    async (request, reply) => {
      const { app: name, environment, until, ...rest } = request.body;
      const scope = checkedScope({ app: name, environment });
      const giving = givenBy(request);
      await desk.give({ kind: 'lock', scope, ...rest, until: timeOf(until, 'until') }, giving);
      const lock = found(desk.keeper.state.locks.get(scopeText(scope)), scopeText(scope));
      // A request that came again long after, when another had taken what it once got.
      if (lock.by !== giving.actor) throw gatesError('HELD', `${lock.by} holds this lock by now`);
      return reply.code(201).send(lockView(lock, now()));
    },
  );
  app.delete(
    '/api/v1/releases/locks/:id',
    {
      schema: {
        summary: 'Release a lock; that of another with the right `release`',
        description: again,
        tags,
        params: idParams,
        response: answers(Lock, 401, 403, 404, 503),
      },
      config: act,
    },
    async (request): Promise<Lock> => {
      const { id } = request.params;
      const gatekeeper = actorOf(request).rights.has('release');
      await desk.give({ kind: 'unlock', id, gatekeeper }, givenBy(request));
      return lockView(found(lockOf(desk.keeper.state, id), id), now());
    },
  );
}

function addFreezes(app: App, { gates, now }: GatesParts): void {
  const { desk } = gates;
  const view = async (id: string): Promise<Freeze> =>
    freezeView(found(desk.keeper.state.freezes.get(id), id), await desk.deploys(), now());
  app.get(
    '/api/v1/releases/freezes',
    {
      schema: {
        summary: 'Freezes that hold or will, and whether deploys went out all the same',
        tags,
        querystring: GatesListQuery,
        response: answers(Freezes, 400, 401, 403, 503),
      },
    },
    async (request) => {
      const freezes = listed(desk.keeper.state.freezes, request.query.all, now());
      const deploys = await desk.deploys();
      return { freezes: freezes.map((one) => freezeView(one, deploys, now())) };
    },
  );
  app.post(
    '/api/v1/releases/freezes',
    {
      schema: {
        summary: 'Let nothing out for a while',
        description: again,
        tags,
        body: NewFreeze,
        response: made(Freeze, 400, 401, 403, 409, 503),
      },
      config: release,
    },
    async (request, reply) => {
      const { app: name, environment, from, until, reason } = request.body;
      const times = { from: timeOf(from, 'from'), until: timeOf(until, 'until') };
      const giving = givenBy(request);
      await desk.give(
        { kind: 'freeze', scope: { app: name, environment }, reason, ...times },
        giving,
      );
      return reply.code(201).send(await view(shortName(giving.id)));
    },
  );
  addEnd(app, desk, { path: 'freezes', kind: 'unfreeze', good: Freeze, view });
}

function addBlocks(app: App, { gates, now }: GatesParts): void {
  const { desk } = gates;
  const view = async (id: string): Promise<Block> =>
    blockView(found(desk.keeper.state.blocks.get(id), id), now());
  app.get(
    '/api/v1/releases/blocks',
    {
      schema: {
        summary: 'Post-its: applications that may not go out, and their safe versions',
        tags,
        querystring: GatesListQuery,
        response: answers(Blocks, 400, 401, 403, 503),
      },
    },
    async (request) => {
      const blocks = listed(desk.keeper.state.blocks, request.query.all, now());
      return { blocks: blocks.map((one) => blockView(one, now())) };
    },
  );
  app.post(
    '/api/v1/releases/blocks',
    {
      schema: {
        summary: 'Keep an application from going out, save in its safe version',
        description: again,
        tags,
        body: NewBlock,
        response: made(Block, 400, 401, 403, 409, 503),
      },
      config: release,
    },
    async (request, reply) => {
      const { app: name, environment, until, ...rest } = request.body;
      const giving = givenBy(request);
      const scope = { app: name, environment };
      await desk.give({ kind: 'block', scope, ...rest, until: timeOf(until, 'until') }, giving);
      return reply.code(201).send(await view(shortName(giving.id)));
    },
  );
  addEnd(app, desk, { path: 'blocks', kind: 'unblock', good: Block, view });
}

function addWindows(app: App, { gates, now }: GatesParts): void {
  const { desk } = gates;
  const view = async (id: string): Promise<Window> =>
    windowView(found(desk.keeper.state.windows.get(id), id), now());
  app.get(
    '/api/v1/releases/windows',
    {
      schema: {
        summary: 'Times at which deploys are wanted or not',
        tags,
        querystring: GatesListQuery,
        response: answers(Windows, 400, 401, 403, 503),
      },
    },
    async (request) => {
      const windows = listed(desk.keeper.state.windows, request.query.all, now());
      return { windows: windows.map((one) => windowView(one, now())) };
    },
  );
  app.post(
    '/api/v1/releases/windows',
    {
      schema: {
        summary: 'Say at which times deploys are wanted (`allow`) or not (`deny`)',
        description: again,
        tags,
        body: NewWindow,
        response: made(Window, 400, 401, 403, 409, 503),
      },
      config: release,
    },
    async (request, reply) => {
      const { app: name, environment, kind: opens, zone = 'UTC', ...rest } = request.body;
      const giving = givenBy(request);
      const scope = { app: name, environment };
      await desk.give({ kind: 'window', scope, opens, zone, ...rest }, giving);
      return reply.code(201).send(await view(shortName(giving.id)));
    },
  );
  addEnd(app, desk, { path: 'windows', kind: 'remove-window', good: Window, view });
}

interface End<Good extends typeof Freeze | typeof Block | typeof Window> {
  readonly path: string;
  readonly kind: Extract<GatesCommand['kind'], 'unfreeze' | 'unblock' | 'remove-window'>;
  readonly good: Good;
  readonly view: (id: string) => Promise<unknown>;
}

/** DELETE of what a gatekeeper set up; of what is over already it changes nothing. */
function addEnd<Good extends typeof Freeze | typeof Block | typeof Window>(
  app: App,
  desk: Parts['gates']['desk'],
  { path, kind, good, view }: End<Good>,
): void {
  app.delete(
    `/api/v1/releases/${path}/:id`,
    {
      schema: {
        summary: `End one of the ${path} now`,
        description: again,
        tags,
        params: idParams,
        response: answers(good, 401, 403, 404, 503),
      },
      config: release,
    },
    async (request) => {
      const { id } = request.params;
      await desk.give({ kind, id }, givenBy(request));
      return view(id);
    },
  );
}

function listed<G extends Parameters<typeof isOver>[0]>(
  gates: ReadonlyMap<string, G>,
  all: boolean | undefined,
  now: number,
): G[] {
  return [...gates.values()].filter((one) => all === true || !isOver(one, now));
}

const timeOf = (written: string | number | undefined, field: string): number | undefined =>
  written === undefined ? undefined : readTime(written, field);

function found<T>(gate: T | undefined, id: string): T {
  if (gate !== undefined) return gate;
  throw gatesError('UNKNOWN', `there is no gate ${id.slice(0, 64)}, or it was over long ago`);
}
