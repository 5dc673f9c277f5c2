/** What a step says does not hold. */
export class Failed extends Error {}

/** Nobody answered, or the connection broke: it is worth another try. */
export class Unreached extends Failed {}

/** Whether it holds can not be said: a secret is not there, an address may not be gone to. */
export class Unknown extends Error {}
