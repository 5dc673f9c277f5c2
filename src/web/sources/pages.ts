export { AddOnePage } from './AddOnePage.tsx';
export { AddPage } from './AddPage.tsx';
export { IntakesPage } from './IntakesPage.tsx';
export { SendersPage } from './SendersPage.tsx';
