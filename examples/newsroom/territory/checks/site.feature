@app(site)
Feature: The web site
  What customers do, without leaving anything behind.

  @gate @page @every(20s)
  Scenario: the home page
    When I visit "/"
    Then I should get a 200 status code
    And I should see "Just in"

  @gate @page @every(20s)
  Scenario: a search
    When I visit "/search?q=harbour"
    Then I should get a 200 status code
    And I should see "harbour"

  @every(1m) @env(production)
  Scenario: a search does not take long
    Given I am benchmarking
    When I visit "/search?q=river"
    Then the elapsed time should be less than 2 seconds, ideally less than 400 ms

  @every(1m)
  Scenario: what people fill in
    Then I should be able to visit:
      | /sign-up |
      | /support |
