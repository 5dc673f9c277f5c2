import { join } from 'node:path';

/** Where the parts of a data directory lie. */
export const logIn = (data: string): string => join(data, 'log');
export const historyIn = (data: string): string => join(data, 'history');
