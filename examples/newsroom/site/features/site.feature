Feature: The site works for visitors

  Scenario: The newest clips are shown
    Given I am testing "site"
    When I visit "/"
    Then I should get a 200 status code
    And I should see "Just in"

  Scenario: Clips are found by their words
    Given I am testing "site"
    When I visit "/search?q="
    Then I should get a 200 status code
    And I should see "All clips"

  Scenario: A search that finds nothing says so
    Given I am testing "site"
    When I visit "/search?q=qqqqqq"
    Then I should get a 200 status code
    And I should see "Nothing for"

  Scenario: One can sign up and write to us
    Given I am testing "site"
    Then I should be able to visit:
      | /sign-up |
      | /support |

  Scenario: It says how it is
    Given I am testing "site"
    When I visit "/healthz"
    Then I should get a 200 status code
    And the JSON at $.status should be "pass"
