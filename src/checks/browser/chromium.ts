import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { Unknown } from '../run/failed.ts';
import { memoryOf, processWith } from './memory.ts';

/** After so many pages a browser is started anew: it never gives all of its memory back. */
const mostUses = 200;
/** ms between two looks at its memory. */
const lookEvery = 1000;
const launchTime = 30_000;

export interface ChromiumOptions {
  readonly path: string;
  readonly memory: number;
  readonly idle: number;
}

/** A running browser: how much it takes, and when it is ended. */
export class Chromium {
  /** Rejects with Unknown where it does not start. */
  readonly browser: Promise<Browser>;
  /** Why it is not there any more. */
  lost: string | undefined;
  readonly #memory: number;
  readonly #idle: number;
  readonly #mark = `--territory-browser=${randomUUID()}`;
  #uses = 0;
  #inUse = 0;
  #pid: number | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #lookTimer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor({ path, memory, idle }: ChromiumOptions) {
    this.#memory = memory;
    this.#idle = idle;
    this.browser = this.#launch(path);
    this.browser.catch((error: unknown) => {
      this.lost = error instanceof Error ? error.message : String(error);
    });
  }

  /** More pages may be opened in it. */
  get isUsable(): boolean {
    return this.lost === undefined && this.#uses < mostUses;
  }

  /** Holds it for one page; answers how it is let go. */
  use(): () => void {
    this.#uses++;
    this.#inUse++;
    clearTimeout(this.#idleTimer);
    this.#lookTimer ??= setInterval(() => void this.#look(), lookEvery).unref();
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      if (--this.#inUse > 0) return;
      clearInterval(this.#lookTimer);
      this.#lookTimer = undefined;
      const wait = this.#uses < mostUses ? this.#idle : 0;
      this.#idleTimer = setTimeout(() => void this.close(), wait).unref();
    };
  }

  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    clearInterval(this.#lookTimer);
    this.lost ??= 'the browser was ended';
    const browser = await this.browser.catch(() => undefined);
    await browser?.close().catch(() => undefined);
  }

  async #launch(path: string): Promise<Browser> {
    // Loaded when it is needed: it costs a tenth of a second.
    const { chromium } = await import('playwright-core');
    try {
      const browser = await chromium.launch({
        executablePath: path,
        args: [...flags, this.#mark],
        // Chromium has no sandbox for root.
        chromiumSandbox: process.getuid?.() !== 0,
        timeout: launchTime,
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
      browser.on('disconnected', () => {
        this.lost ??= 'the browser came to an end';
      });
      return browser;
    } catch (error) {
      const why = String(error instanceof Error ? error.message : error).split('\n')[0];
      throw new Unknown(`the browser ${path} does not start: ${why}`, { cause: error });
    }
  }

  /** Ends it where it takes too much. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      this.#pid ??= await processWith(this.#mark);
      const taken = this.#pid === undefined ? undefined : await memoryOf(this.#pid);
      if (taken === undefined || taken <= this.#memory) return;
      const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
      this.lost = `the browser was ended: it took ${mebibytes(taken)} MiB, and may take ${mebibytes(this.#memory)}`;
      await this.close();
    } finally {
      this.#isLooking = false;
    }
  }
}

/** Nothing goes around the proxy: no QUIC, no WebRTC, no look-up of names; nothing is sent home. */
const flags = [
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--no-pings',
  '--disable-dev-shm-usage',
  '--disable-gpu',
];
