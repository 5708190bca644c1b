package mirrorproof.rules.unknown_field_test

import data.mirrorproof.rules.unknown_field

messages(problem, expected) := result if {
	result := [finding.message | some finding in unknown_field.findings] with input as {
		"defects": [{"kind": "ImageDigestMirrorSet", "problem": problem, "field": "spec.x", "expected": expected, "at": {}}],
	}
}

test_names_what_is_meant if messages("unknown-field", ["spec.y"]) == ["field `spec.x` does not exist in ImageDigestMirrorSet, so the API server drops it; perhaps `spec.y` is meant"]

test_guesses_nothing if messages("unknown-field", []) == ["field `spec.x` does not exist in ImageDigestMirrorSet, so the API server drops it"]

test_silent_for_other_problems if messages("wrong-type", []) == []

certain_of(name) := result if {
	result := [finding.certain | some finding in unknown_field.findings] with input as {
		"defects": [{"kind": "Image", "problem": "unknown-field", "field": "spec.x", "expected": [], "meant": {"name": name, "certain": true}, "at": {}}],
	}
}

test_certain_of_what_opens if certain_of("insecureRegistries") == [true]

test_somebody_decides_on_what_blocks if certain_of("blockedRegistries") == [false]
