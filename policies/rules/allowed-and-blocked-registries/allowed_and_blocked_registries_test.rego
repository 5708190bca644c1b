package mirrorproof.rules.allowed_and_blocked_registries_test

import data.mirrorproof.rules.allowed_and_blocked_registries

findings(config) := result if {
	result := allowed_and_blocked_registries.findings with input as {
		"imageConfigs": [object.union({"at": {}}, config)],
		"scopes": [{"list": "allowed", "at": {"doc": 1}}, {"list": "blocked", "at": {"doc": 2}}, {"list": "blocked", "at": {"doc": 3}}],
	}
}

test_refused_by_the_operator if {
	some finding in findings({"conflict": "operator"})
	finding.level == "error"
	endswith(finding.message, "the operator applies no mirror configuration at all")
	finding.related == [{"at": {"doc": 2}, "message": "`blockedRegistries` is here"}]
}

test_refused_by_the_api_server if {
	some finding in findings({"conflict": "api-server"})
	finding.level == "error"
	endswith(finding.message, "the API server refuses the object")
}

test_silent_where_nothing_refuses_it if count(findings({})) == 0
