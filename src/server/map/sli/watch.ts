// PLACEHOLDER of the lead until the real one is there: overwrite it.
export interface SliFinding { readonly value: number | null; readonly against: number | null; readonly at: number | null; readonly text: string }
export class SliWatch {
  constructor(_: { onSignal: (process: string, signal: import('../../../rooms/map/health.ts').Signal) => void } & object) {}
  follow(_: object): void {}
  latest(_: string): SliFinding | undefined { return undefined; }
  start(): void {}
  async close(): Promise<void> {}
}
