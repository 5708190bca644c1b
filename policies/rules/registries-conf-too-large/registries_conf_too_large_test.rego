package mirrorproof.rules.registries_conf_too_large_test

import data.mirrorproof.rules.registries_conf_too_large

levels(written) := result if {
	result := [finding.level | some finding in registries_conf_too_large.findings] with input as {
		"cluster": {"written": written},
		"mirrorSets": [{"title": "a", "size": 1, "at": {}}, {"title": "b", "size": 2, "at": {}}],
	}
}

test_error if levels(1179649) == ["error"]

test_warning if levels(1179648) == ["warning"]

test_warning_from_four_fifths_on if levels(943719) == ["warning"]

test_silent_below if levels(943718) == []

test_the_largest_is_named if {
	some finding in registries_conf_too_large.findings with input as {"cluster": {"written": 1000000}, "mirrorSets": [{"title": "a", "size": 1, "at": {}}, {"title": "b", "size": 2, "at": {}}]}
	endswith(finding.message, "b has most entries")
}
