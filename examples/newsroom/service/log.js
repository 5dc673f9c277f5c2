// @ts-check

/**
 * @typedef {(text: string, fields?: Record<string, unknown>) => void} Say
 * @typedef {{ info: Say, warn: Say, error: Say }} Log
 */

/**
 * One line of JSON for each thing that is said, on standard output.
 * @param {import('./environment.js').About} about
 * @returns {Log}
 */
export function openLog({ name, version, environment, instance }) {
  const who = { service: name, version, environment, instance };
  /** @param {string} level @returns {Say} */
  const at = (level) => (msg, fields) => {
    const line = { time: new Date().toISOString(), level, msg, ...who, ...fields };
    process.stdout.write(`${JSON.stringify(line, plain)}\n`);
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/**
 * Errors have nothing that JSON sees by itself.
 * @param {string} _
 * @param {unknown} value
 */
function plain(_, value) {
  if (!(value instanceof Error)) return value;
  const { message, stack, cause } = value;
  return { message, stack, ...(cause === undefined ? {} : { cause }) };
}
