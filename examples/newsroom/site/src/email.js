// @ts-check

/**
 * Whether it looks like an address; whether it is one only a letter can tell.
 * @param {string} text
 */
export const isEmail = (text) => text.length <= 120 && /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text);
