package mirrorproof.rules.duplicate_object_test

import data.mirrorproof.rules.duplicate_object

levels(declared, repeats) := result if {
	result := [finding.level | some finding in duplicate_object.findings] with input as {
		"cluster": {"declared": declared},
		"mirrorSets": [{"title": "a", "at": {}}, {"title": "a", "at": {}}],
		"repeats": repeats,
	}
}

test_warning if levels(false, [{"sets": [0, 1]}]) == ["warning"]

test_error_in_a_declared_cluster if levels(true, [{"sets": [0, 1]}]) == ["error"]

test_silent if levels(true, []) == []
