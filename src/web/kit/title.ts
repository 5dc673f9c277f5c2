let title = '';
let critical = 0;

function show(): void {
  const page = title === '' ? 'Territory' : `${title} · Territory`;
  document.title = critical > 0 ? `(${critical}) ${page}` : page;
}

/** Names the page in the tab. */
export function setTitle(next: string): void {
  title = next;
  show();
}

/** How many critical alerts are open: the number stands before the title, so a tab behind others tells. */
export function setCritical(count: number): void {
  if (count === critical) return;
  critical = count;
  show();
}
