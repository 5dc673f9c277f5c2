@env(production)
Feature: What stands around the web site

  @app(front) @page @every(20s)
  Scenario: customers come in at the front
    When I visit "/healthz" 4 times
    Then every answer should have the status 200

  @app(site-db) @every(30s)
  Scenario: orders and accounts can be read
    When I visit "/healthz"
    Then the JSON at $.checks.database.status should be "pass"

  @app(site) @every(1m)
  Scenario: clips are there to be shown
    When I visit "/media/public/items.json"
    Then the JSON at $.items should have at least 1 item

  @app(payments) @third-party @every(1m)
  Scenario: the payment provider answers
    When I visit "/healthz"
    Then I should get a 200 status code
