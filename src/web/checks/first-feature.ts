/** A feature to begin with. */
export const firstFeature = `Feature: The shop

  @app(shop) @env(production) @every(1m)
  Scenario: the home page answers
    When I visit "/"
    Then I should get a 200 status code
    And I should see "Welcome"
`;
