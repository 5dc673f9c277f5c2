// @ts-check
import { createReadStream, statSync } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';
import { drawn } from '../src/drawn.js';
import { Refused } from '../src/web.js';

/** @type {Record<string, string>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
};

/** Folders of STORE that are for everybody. */
const open = ['encoded', 'public'];

/** @param {import('../src/site.js').Site} site @returns {Record<string, import('../src/site.js').Handler>} */
export const routes = (site) => ({
  'GET /static/:file': (visit) =>
    fileAnswer(visit, join(site.root, 'static'), visit.params['file'] ?? '', 60),
  'GET /media/drawn/:file': (visit) => ({
    status: 200,
    headers: { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' },
    body: drawn((visit.params['file'] ?? '').replace(/\.svg$/, '')),
  }),
  'GET /media/:folder/:file': (visit) => {
    const { folder = '', file = '' } = visit.params;
    if (!open.includes(folder)) throw new Refused(404, 'There is no such picture.');
    return fileAnswer(visit, join(site.store, folder), file, 3600);
  },
});

/**
 * A file, or the piece of it that was asked for: browsers play videos in pieces.
 * @param {import('../src/web.js').Visit} visit
 * @param {string} folder
 * @param {string} name
 * @param {number} maxAge s
 * @returns {import('../src/web.js').Answer}
 */
function fileAnswer(visit, folder, name, maxAge) {
  const path = normalize(join(folder, name));
  const found = path.startsWith(folder + sep)
    ? statSync(path, { throwIfNoEntry: false })
    : undefined;
  if (!found?.isFile()) throw new Refused(404, 'There is no such file.');
  const headers = {
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    'cache-control': `max-age=${maxAge}`,
    'accept-ranges': 'bytes',
  };
  const range = /^bytes=(\d+)-(\d*)$/.exec(visit.request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = Math.min(range?.[2] ? Number(range[2]) : Infinity, found.size - 1);
  if (range === null || start > end)
    return {
      status: 200,
      headers: { ...headers, 'content-length': `${found.size}` },
      body: createReadStream(path),
    };
  return {
    status: 206,
    headers: {
      ...headers,
      'content-length': `${end - start + 1}`,
      'content-range': `bytes ${start}-${end}/${found.size}`,
    },
    body: createReadStream(path, { start, end }),
  };
}
