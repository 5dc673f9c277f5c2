// Runs before the first paint, as a file of its own because the content security policy allows no
// inline script. The same rule lives in kit/preferences.ts, which keeps it up to date afterwards.
(() => {
  let chosen = 'system';
  try {
    chosen = localStorage.getItem('territory.theme') ?? 'system';
  } catch {
    // Storage may be forbidden; the system's theme is a good answer then.
  }
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
