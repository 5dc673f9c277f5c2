@env(production)
Feature: From a feed onto the site
  What comes in is to be on the site within two minutes, and nothing is to be lost on the way.

  @app(queue) @page @every(20s)
  Scenario: the oldest waiting item should be younger than 2 minutes
    Then the latest value of "newsroom.queue.oldest" within 1 minute should be under 120

  @app(queue) @every(1m)
  Scenario: no job hangs
    Then the latest value of "newsroom.queue.lost" within 1 minute should be under 1

  @app(publisher) @page @every(30s)
  Scenario: what is published is new
    Then the latest value of "newsroom.item.age" within 1 minute should be under 180

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

  @app(clips) @every(30s)
  Scenario: there is room for clips
    When I visit "/healthz"
    Then I should get a 200 status code
    And I should not see "the store is full"
