export { AppPage } from './AppPage.tsx';
export { ReleasesPage } from './ReleasesPage.tsx';
