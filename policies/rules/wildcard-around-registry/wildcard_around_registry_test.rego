package mirrorproof.rules.wildcard_around_registry_test

import data.mirrorproof.rules.wildcard_around_registry

findings(scope, version) := result if {
	result := wildcard_around_registry.findings with input as {
		"cluster": {"version": version, "declared": false},
		"mirrorSets": [{"home": "", "folder": "/a"}],
		"entries": [{"set": 0, "source": {"at": {}}}],
		"sources": [{"source": "*.q.io", "entries": [0]}],
		"scopes": [object.union({"value": "a.q.io", "field": "insecureRegistries", "home": "", "folder": "/a", "at": {}}, scope)],
	}
}

test_error if [finding.level | some finding in findings({"wildcard": 0}, {"numbers": [4, 16]})] == ["error"]

test_error_where_the_version_is_not_known if [finding.level | some finding in findings({"wildcard": 0}, null)] == ["error"]

test_warning_where_the_meeting_is_a_guess if {
	some finding in findings({"wildcard": 0, "home": "/b", "folder": "/b"}, {"numbers": [4, 16]})
	finding.level == "warning"
	endswith(finding.message, "(if they reach the same cluster)")
}

test_silent_before_4_16 if count(findings({"wildcard": 0}, {"numbers": [4, 15, 9]})) == 0

test_silent_elsewhere if count(findings({}, {"numbers": [4, 16]})) == 0
