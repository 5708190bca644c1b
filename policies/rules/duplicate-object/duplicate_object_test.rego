package mirrorproof.rules.duplicate_object_test

import data.mirrorproof.rules.duplicate_object

levels(declared, repeats) := result if {
	result := [finding.level | some finding in duplicate_object.findings] with input as {
		"cluster": {"declared": declared},
		"repeats": repeats,
	}
}

test_warning if levels(false, [{"title": "a", "objects": [{}, {}]}]) == ["warning"]

test_error_in_a_declared_cluster if levels(true, [{"title": "a", "objects": [{}, {}]}]) == ["error"]

test_silent if levels(true, []) == []
