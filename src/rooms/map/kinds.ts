/**
 * What a node may be. Any other word is taken as well, and drawn as a plain box: this list is for
 * pictures and for telling slips of the pen.
 */
export const nodeKinds = [
  // people
  'actor',
  'role',
  'team',
  'supplier',
  // work
  'step',
  'board',
  // pipeline
  'repository',
  'build-server',
  'artifact-store',
  'environment',
  'test',
  // production
  'load-balancer',
  'cdn',
  'dns',
  'gateway',
  'web',
  'app',
  'service',
  'api',
  'job',
  'library',
  'database',
  'cache',
  'queue',
  'search',
  'storage',
  'mail',
  'host',
  'cluster',
  'network',
  'system',
  'external',
  'monitor',
] as const;
