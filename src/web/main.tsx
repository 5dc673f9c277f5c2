import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { whenSignedOut } from './kit/api.ts';
import { watchConnection } from './kit/connection.ts';
import { applyTheme } from './kit/preferences.ts';
import { queries, sessionQuery } from './kit/queries.ts';
import { startHome } from './map/use-drawing.ts';
import { router } from './router.tsx';

applyTheme();
watchConnection();
// A session ends by age, by an administrator, or by a restart: sign in and come back to this page.
whenSignedOut(() => {
  queries.removeQueries({ queryKey: sessionQuery.queryKey });
  const { pathname, href } = router.state.location;
  // A wallboard has nobody to sign in: it says so itself.
  if (pathname !== '/sign-in' && pathname !== '/wall')
    void router.navigate({ to: '/sign-in', search: { next: href } });
});
startHome(location);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
