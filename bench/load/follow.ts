import { request } from 'node:http';
import { adminToken, type Running } from './server.ts';

/** Follows server-sent events, and hears the data of each message; ends when the answer is called. */
export function follow(running: Running, path: string, hear: (data: string) => void): () => void {
  const headers = { authorization: `Bearer ${adminToken(running.dir)}` };
  const req = request({ port: running.port, path, headers }, (response) => {
    let held = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      held += chunk;
      const lines = held.split('\n');
      held = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data:')) hear(line.slice(5));
    });
  });
  req.end();
  return () => req.destroy();
}
