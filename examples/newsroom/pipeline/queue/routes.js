// @ts-check
import { conservation, listJobs, listWorkers, lookAtJob, lookAtStage, stages } from './look.js';

/**
 * @typedef {object} Parts
 * @property {() => import('#jobs/jobs.js').Jobs} jobs
 * @property {ReturnType<typeof import('#jobs/room.js').openRoom>} room
 * @property {(request: import('node:http').IncomingMessage) => boolean} mayChange
 * @property {() => ReturnType<typeof import('#jobs/telling.js').tellOf>} tell
 * @property {() => import('newsroom-service').Log} log
 */

/** Jobs in one answer. */
const maxJobs = 1_000;

/** What people do to jobs. */
const actions = /** @type {const} */ ({
  requeue: 'requeued',
  cancel: 'cancelled',
  bury: 'dead',
});

/**
 * @param {Parts} parts
 * @returns {Record<string, import('newsroom-service').Route>}
 */
export const routesOf = ({ jobs, room, mayChange, tell, log }) => ({
  'GET /jobs': (_, response, { url }) => {
    const { searchParams: asked } = url;
    const limit = Math.min(maxJobs, Math.max(1, Number(asked.get('limit')) || 100));
    const wish = { state: asked.get('state'), stage: asked.get('stage'), item: asked.get('item') };
    answer(response, 200, { jobs: listJobs(jobs(), { ...wish, limit }) });
  },
  'GET /jobs/:id': (_, response, { params }) => {
    const job = lookAtJob(jobs(), Number(params['id']));
    if (job === undefined) return answer(response, 404, { error: 'there is no such job' });
    answer(response, 200, job);
  },
  'GET /stages': (_, response) =>
    answer(response, 200, { stages: stages.map((stage) => lookAtStage(jobs(), stage)) }),
  'GET /workers': (_, response) => answer(response, 200, { workers: listWorkers(jobs()) }),
  'GET /conservation': (_, response) => answer(response, 200, conservation(jobs())),
  'GET /store': (_, response) => {
    const quota = room.quota();
    answer(response, 200, { used: room.used(), quota: quota < Infinity ? quota : null });
  },
  'POST /jobs/:id/:action': (request, response, { params }) => {
    if (!mayChange(request))
      return answer(response, 401, { error: 'only with the token in STORE/queue.token' });
    const action = Object.keys(actions).find((name) => name === params['action']);
    if (action === undefined) return answer(response, 404, { error: 'requeue, cancel or bury' });
    const done = act(jobs(), Number(params['id']), /** @type {keyof typeof actions} */ (action));
    const job = lookAtJob(jobs(), Number(params['id']));
    if (job === undefined) return answer(response, 404, { error: 'there is no such job' });
    if (!done)
      return answer(response, 409, { error: `a job that is ${job.state} can not be that` });
    log().info('told to', { action, job: job.id, item: job.item.id });
    tell().job(actions[/** @type {keyof typeof actions} */ (action)], {
      ...job,
      item: job.item.id,
    });
    answer(response, 200, job);
  },
});

/**
 * @param {import('#jobs/jobs.js').Jobs} jobs
 * @param {number} id
 * @param {keyof typeof actions} action
 */
function act(jobs, id, action) {
  const who = 'an operator';
  if (action === 'requeue') return jobs.requeue(id, who);
  return jobs.end(id, action === 'cancel' ? 'cancelled' : 'dead', who);
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {object} body
 */
function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
