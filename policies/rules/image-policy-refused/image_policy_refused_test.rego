package mirrorproof.rules.image_policy_refused_test

import data.mirrorproof.rules.image_policy_refused

findings(signature, version) := result if {
	result := image_policy_refused.findings with input as {
		"cluster": {"version": version},
		"imageConfigs": [{"at": {}}],
		"signatures": [object.union({"title": "ImagePolicy/a", "scope": "q.io", "at": {}}, signature)],
	}
}

test_not_allowed if {
	some finding in findings({"refused": "not-allowed"}, {"numbers": [4, 20]})
	finding.level == "error"
	contains(finding.message, "does not lie in `allowedRegistries`")
}

test_blocked if {
	some finding in findings({"refused": "blocked"}, null)
	contains(finding.message, "lies in `blockedRegistries`")
}

test_silent_before_there_are_any if count(findings({"refused": "blocked"}, {"numbers": [4, 15]})) == 0

test_silent_where_it_is_not_refused if count(findings({}, null)) == 0
