export { AskPage } from './AskPage.tsx';
export { CalendarPage } from './CalendarPage.tsx';
export { DeployPage } from './DeployPage.tsx';
export { QueuePage } from './QueuePage.tsx';
