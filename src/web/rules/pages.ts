export { BacktestPage } from './BacktestPage.tsx';
export { LibraryPage } from './LibraryPage.tsx';
export { RulePage } from './RulePage.tsx';
export { RulesPage } from './RulesPage.tsx';
