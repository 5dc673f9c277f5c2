export { ProcessesPage } from './process/ProcessesPage.tsx';
export { TimesPage } from './times/TimesPage.tsx';
