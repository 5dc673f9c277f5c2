import { settings } from '../server/config/schema.ts';

const defaultOf = (name: string): string => {
  const value = settings.find((setting) => setting.name === name)?.default;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** Where a server listens and keeps its data when nothing else is said. */
export const defaultUrl = `http://127.0.0.1:${defaultOf('port')}`;
export const defaultData = defaultOf('data');
