export { ProblemsPage } from './problems/ProblemsPage.tsx';
export { SourcePage } from './source/SourcePage.tsx';
export { TablePage } from './table/TablePage.tsx';
