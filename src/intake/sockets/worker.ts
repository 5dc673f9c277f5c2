import { parentPort, workerData } from 'node:worker_threads';
import { socketProtocols } from '../protocols.ts';
import { Listeners } from './listeners.ts';
import type { FromListeners, ListenersStart, ToListeners } from './messages.ts';

/** The thread of all protocols with sockets of their own. */
const port = parentPort;
if (port === null) throw new Error('this module runs as a worker');

const post = (message: FromListeners, transfer: ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);
// What it is started with is made by the thread that starts it.
const listeners = new Listeners(workerData as ListenersStart, socketProtocols, post);
port.on('message', (message: ToListeners) => listeners.heard(message));
await listeners.open();
