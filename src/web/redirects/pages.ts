export { RedirectMapPage } from './RedirectMapPage.tsx';
export { RedirectsPage } from './RedirectsPage.tsx';
