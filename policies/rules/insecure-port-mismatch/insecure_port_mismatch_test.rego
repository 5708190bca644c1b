package mirrorproof.rules.insecure_port_mismatch_test

import data.mirrorproof.rules.insecure_port_mismatch

findings(value, mirror, facts) := result if {
	result := insecure_port_mismatch.findings with input as object.union(
		{
			"cluster": {"declared": false},
			"mirrorSets": [{"home": "", "folder": ""}],
			"hosts": {"m.io": {"trusted": "unknown"}, "m.io:8443": {"trusted": "no"}},
			"imageHosts": {},
			"scopes": [{"value": value, "near": {"value": mirror, "at": {"doc": 1}, "set": 0}, "home": "", "folder": "", "at": {}}],
		},
		facts,
	)
}

levels(value, mirror, facts) := [finding.level | some finding in findings(value, mirror, facts)]

test_error_without_the_port if levels("m.io", "m.io:8443/a", {}) == ["error"]

test_error_the_other_way_round if levels("m.io:5000", "m.io/a", {}) == ["error"]

test_warning_where_both_have_a_port if levels("m.io:5000", "m.io:8443/a", {}) == ["warning"]

test_warning_where_the_meeting_is_a_guess if {
	some finding in findings("m.io", "m.io:8443/a", {"mirrorSets": [{"home": "/a", "folder": "/a"}]})
	finding.level == "warning"
	endswith(finding.message, "(if they reach the same cluster)")
}

edits(value, mirror, facts) := [[edit.value, finding.certain] | some finding in findings(value, mirror, facts); some edit in finding.edits]

test_certain_where_only_one_mirror_can_be_meant if {
	scope := {"value": "n.io", "near": {"value": "n.io:8443/a", "at": {"doc": 1}, "set": 0}, "home": "", "folder": "", "at": {}}
	edits("", "", {"hosts": {"n.io:8443": {"trusted": "no"}}, "scopes": [scope]}) == [["n.io:8443", true]]
}

test_uncertain_where_two_can_be_meant if edits("m.io", "m.io:8443/a", {"hosts": {"m.io:8443": {"trusted": "no"}, "m.io:5000": {"trusted": "no"}}}) == [["m.io:8443", false]]

test_uncertain_the_other_way_round if edits("m.io:5000/a", "m.io/a", {"hosts": {"m.io": {"trusted": "no"}}}) == [["m.io/a", false]]

test_silent_where_it_is_trusted if levels("m.io", "m.io:8443/a", {"hosts": {"m.io:8443": {"trusted": "yes"}}}) == []

test_silent_where_images_name_the_registry if levels("m.io", "m.io:8443/a", {"imageHosts": {"m.io": 1}}) == []

test_silent_for_others if count(findings("m.io", "m.io:8443/a", {"scopes": [{"value": "m.io", "home": "", "folder": "", "at": {}}]})) == 0
