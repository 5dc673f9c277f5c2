export { AlertPage } from './AlertPage.tsx';
export { HistoryPage } from './HistoryPage.tsx';
export { NotificationsPage } from './NotificationsPage.tsx';
export { NowPage } from './NowPage.tsx';
export { SilencesPage } from './SilencesPage.tsx';
