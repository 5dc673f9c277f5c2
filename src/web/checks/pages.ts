export { BudgetsPage } from './BudgetsPage.tsx';
export { CheckPage } from './CheckPage.tsx';
export { ChecksPage } from './ChecksPage.tsx';
export { FeaturePage } from './FeaturePage.tsx';
export { FeaturesPage } from './FeaturesPage.tsx';
export { FlakesPage } from './FlakesPage.tsx';
export { RunPage } from './RunPage.tsx';
export { StepsPage } from './StepsPage.tsx';
