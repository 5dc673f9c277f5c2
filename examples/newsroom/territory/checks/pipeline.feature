@env(production)
Feature: From a feed onto the site
  What comes in is to be on the site within two minutes, and nothing is to be lost on the way.

  @app(queue) @page @every(20s)
  Scenario: the oldest waiting item should be younger than 2 minutes
    Then the latest value of "newsroom.queue.oldest" within 1 minute should be under 120

  @app(queue) @every(1m)
  Scenario: no job hangs
    Then the latest value of "newsroom.queue.lost" within 1 minute should be under 1

  @app(clips) @page @every(30s)
  Scenario: something new is published
    When I visit "/media/public/items.json"
    Then the JSON at $.items[0].publishedAt should be less than 3 minutes old

  @app(importer) @every(30s)
  Scenario: the importer is well
    When I visit "/healthz"
    Then I should get a 200 status code
    And the JSON at $.status should be "pass"

  @app(publisher) @every(30s)
  Scenario: the publisher is well
    When I visit "/healthz"
    Then I should get a 200 status code
    And the JSON at $.status should be "pass"

  @app(pipeline-db) @every(30s)
  Scenario: the table of jobs can be read
    When I visit "/healthz"
    Then the JSON at $.checks.store.status should be "pass"
