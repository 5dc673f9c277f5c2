/** Windows to choose from, as the API takes them. */
export const windows = [
  { name: '24h', text: '24 h', ms: 86_400_000 },
  { name: '7d', text: '7 d', ms: 7 * 86_400_000 },
  { name: '30d', text: '30 d', ms: 30 * 86_400_000 },
] as const;
export type Window = (typeof windows)[number];
