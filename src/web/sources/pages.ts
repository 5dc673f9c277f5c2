export { AddOnePage } from './AddOnePage.tsx';
export { AddPage } from './AddPage.tsx';
export { AddWebhookPage } from './AddWebhookPage.tsx';
export { IntakesPage } from './IntakesPage.tsx';
export { SendersPage } from './SendersPage.tsx';
export { WebhooksPage } from './WebhooksPage.tsx';
