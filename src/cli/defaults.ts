import { settings } from '../server/config/schema.ts';

const defaultOf = (name: string): string =>
  String(settings.find((setting) => setting.name === name)?.default);

/** Where a server listens and keeps its data when nothing else is said. */
export const defaultUrl = `http://127.0.0.1:${defaultOf('port')}`;
export const defaultData = defaultOf('data');
