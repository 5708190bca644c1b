package mirrorproof.rules.invalid_object_test

import data.mirrorproof.rules.invalid_object

levels(defect) := result if {
	result := [finding.level | some finding in invalid_object.findings] with input as {
		"defects": [object.union({"title": "a", "field": "spec.x", "found": "number", "expected": ["string"], "at": {}}, defect)],
	}
}

test_error if {
	every problem in ["wrong-type", "wrong-value", "missing-field"] { levels({"problem": problem}) == ["error"] }
}

test_info_where_a_patch_may_fill_it if levels({"problem": "missing-field", "field": "spec"}) == ["info"]

test_silent_for_unknown_fields if levels({"problem": "unknown-field"}) == []
