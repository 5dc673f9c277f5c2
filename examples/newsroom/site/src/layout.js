// @ts-check
import { html } from './html.js';

/**
 * A whole page.
 * @param {object} page
 * @param {import('./site.js').Site} page.site
 * @param {string} page.title
 * @param {import('./html.js').Html} page.main
 * @param {string} page.path
 * @param {string} [page.query] what was searched for
 * @param {import('./database.js').Person | undefined} page.person
 */
export function layout({ site, title, main, path, query, person }) {
  const { version, environment } = site.about();
  const links = site.links.filter(({ href }) => person === undefined || href !== '/sign-up');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Newsroom</title>
        <link rel="icon" href="/static/mark.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/static/site.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        ${environment !== 'production' && environment !== '' && html`<aside class="stage">${environment}: nothing that is ordered here is sent</aside>`}
        <header class="head">
          <a class="name" href="/"
            ><img src="/static/mark.svg" alt="" width="28" height="28" /> Newsroom</a
          >
          ${path !== '/' && searchBox(query)}
          <nav aria-label="Site">
            ${links.map(({ href, label }) => html`<a href="${href}" ${href === path && html` aria-current="page"`}>${label}</a>`)}
            ${person !== undefined && html`<span class="person">${person.name}</span>`}
          </nav>
        </header>
        <main id="main">${main}</main>
        <footer class="foot">
          <p>Clips and pictures from our feeds, a few minutes after they happened.</p>
          <p class="release">${version} · ${environment}</p>
        </footer>
      </body>
    </html> `.text;
}

/** @param {string} [query] */
export const searchBox = (query) =>
  html`<form class="search" action="/search" role="search">
    <input
      type="search"
      name="q"
      value="${query}"
      placeholder="harbour, snow, parade …"
      aria-label="Look for clips"
    />
    <button>Search</button>
  </form>`;

/**
 * @param {number} status
 * @param {string} words
 */
export const errorPage = (status, words) => ({
  status,
  title: `${status}`,
  main: html`<section class="message bad">
    <h1>${status === 404 ? 'Not here' : 'Sorry'}</h1>
    <p>${words}</p>
    <p><a href="/">To the newest clips</a></p>
  </section>`,
});
