// @ts-check

/**
 * What happens to jobs, as events.
 * @param {Pick<import('newsroom-service').Service, 'events'>} service
 */
export function tellOf({ events }) {
  /**
   * @param {'enqueued' | 'leased' | 'progressed' | 'completed' | 'failed' | 'expired' | 'dead' | 'requeued' | 'cancelled'} what
   * @param {import('./jobs.js').Job} one
   * @param {Record<string, string>} [more]
   */
  const job = (what, one, more = {}) =>
    events.send({
      type: `job.${what}`,
      subject: `job/${one.id}`,
      attributes: { ...about(one), ...more },
    });
  return {
    job,
    /** @param {import('./jobs.js').Job} one @param {number} seconds */
    completed: (one, seconds) =>
      events.send({
        type: 'job.completed',
        subject: `job/${one.id}`,
        metric: seconds,
        attributes: about(one),
      }),
    /** @param {import('./jobs.js').Job} was @param {import('./jobs.js').Job} is */
    expired: (was, is) => {
      const more = { worker: `${was.worker}`, reason: `${is.reason}` };
      job('expired', is, more);
      if (is.state === 'dead') job('dead', is, more);
    },
    /**
     * @param {'started' | 'heartbeat' | 'stopped' | 'refused'} what
     * @param {string} worker
     * @param {import('./jobs.js').Job} [one] what it works on
     * @param {string} [reason]
     */
    worker: (what, worker, one, reason) =>
      events.send({
        type: `worker.${what}`,
        subject: `worker/${worker}`,
        attributes: {
          ...(one === undefined ? {} : about(one)),
          ...(reason === undefined ? {} : { reason }),
        },
      }),
  };
}

/** @param {import('./jobs.js').Job} job @returns {Record<string, string>} */
const about = ({ id, item, stage, rendition, attempts, deaths }) => ({
  job: `${id}`,
  item,
  stage,
  attempt: `${attempts + deaths + 1}`,
  ...(rendition === null ? {} : { rendition }),
});
