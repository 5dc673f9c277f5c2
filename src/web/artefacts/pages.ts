export { ArtefactPage } from './ArtefactPage.tsx';
export { ArtefactsPage } from './ArtefactsPage.tsx';
export { DiffPage } from './DiffPage.tsx';
export { VersionsPage } from './VersionsPage.tsx';
