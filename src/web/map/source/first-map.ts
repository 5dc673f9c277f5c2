/** What a map begins with where nothing was seen yet. */
export const firstMap = `schema: territory.map/1
title: Our product

nodes:
  users: { quadrant: production, kind: actor, anchor: true }
  shop: { quadrant: production, kind: app, service: shop }
  orders-db: { quadrant: production, kind: database, service: orders-db }

edges:
  - users -> shop
  - shop => orders-db

processes:
  checkout: { criticality: 1, needs: [shop] }
`;
