import { type BundleFile, type Declared, madeBy } from './declared.ts';

/** How an application is asked by itself, and through all that stands before it. */
export function featureOf(declared: Declared): BundleFile | undefined {
  const { manifest, ready, environments } = declared;
  if (ready === undefined) return undefined;
  const { app } = manifest;
  const where = environments.map(({ name }) => ` @env(${name})`).join('');
  const text = `# ${madeBy(declared)}
@app(${app})${where}
Feature: ${app}
  What holds for every application: it answers on its own port, and people get to it.

  @gate @page @every(30s)
  Scenario: ${app} is healthy
    Given the "${app}" application has booted
    And I am testing "${app}" internally
    And the timeout is 5 s
    When I visit "${ready}"
    Then I should get a 200 status code

  @gate @page @every(60s)
  Scenario: ${app} is routed to
    Given I am testing "${app}" through the full stack
    And I force a cache miss
    And I am benchmarking
    When I visit "${ready}" without following redirects
    Then I should get a 200 status code
    And the elapsed time should be less than 5 seconds
`;
  return { path: `features/${app}.feature`, text, what: 'its health and its routing, as checks' };
}
