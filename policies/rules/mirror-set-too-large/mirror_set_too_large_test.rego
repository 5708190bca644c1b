package mirrorproof.rules.mirror_set_too_large_test

import data.mirrorproof.rules.mirror_set_too_large

levels(set) := result if {
	result := [finding.level | some finding in mirror_set_too_large.findings] with input as {"mirrorSets": [object.union({"title": "a", "at": {}}, set)]}
}

test_warning if levels({"bytes": 262100}) == ["warning"]

test_silent_below if levels({"bytes": 262096}) == []

test_silent_on_what_nobody_applies if levels({"bytes": 300000, "madeOf": "the install-config"}) == []
