package mirrorproof.rules.invalid_registry_scope_test

import data.mirrorproof.rules.invalid_registry_scope

verdicts(scope) := [[finding.level, finding.message] | some finding in findings(scope)]

findings(scope) := result if {
	result := invalid_registry_scope.findings with input as {"scopes": [object.union({"list": "blocked", "field": "f", "value": "x", "refused": "no", "at": {}}, scope)]}
}

test_refused if verdicts({"refused": "yes", "malformation": "wildcard"}) == [["error", "`x` in `f` is no registry: the operator applies no mirror configuration at all"]]

test_empty if verdicts({"refused": "yes", "malformation": "empty", "value": ""})[0][1] == "an empty entry in `f` is no registry: the operator applies no mirror configuration at all"

test_unknown if verdicts({"refused": "unknown", "malformation": "wildcard"})[0][0] == "warning"

test_url if {
	some list in ["insecure", "blocked", "search"]
	verdicts({"malformation": "scheme", "list": list}) == [["error", "`x` in `f` is a URL: every pull on the nodes fails"]]
}

test_url_that_is_allowed if verdicts({"malformation": "scheme", "list": "allowed"}) == [["warning", "`x` in `f` is a URL, so it matches no image"]]

test_slash if {
	every list, effect in {
		"insecure": "it does not cover the mirrors in it",
		"blocked": "policy.json does not reject what is in it",
		"allowed": "it allows no image",
	} {
		verdicts({"malformation": "trailing-slash", "list": list}) == [["warning", $"`x` in `f` ends with a slash, so {effect}"]]
	}
}

test_matches_nothing if {
	every malformation in ["transport", "ipv6", "upper-case", "characters"] {
		verdicts({"malformation": malformation})[0][0] == "warning"
	}
}

test_single_images if {
	every malformation in ["tag", "digest"] {
		count(verdicts({"malformation": malformation, "list": "insecure"})) == 1
		count(verdicts({"malformation": malformation, "list": "blocked"})) == 0
		count(verdicts({"malformation": malformation, "list": "allowed"})) == 0
	}
}

test_silent_for_what_is_well_formed if verdicts({}) == []
