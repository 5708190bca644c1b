package mirrorproof.rules.conflicting_source_policy_test

import data.mirrorproof.rules.conflicting_source_policy

levels(sets, policies, version) := result if {
	result := [finding.level | some finding in conflicting_source_policy.findings] with input as {
		"cluster": {"declared": true, "version": version},
		"mirrorSets": [
			{"title": "a", "kind": "ImageDigestMirrorSet", "home": ""},
			{"title": "b", "kind": "ImageTagMirrorSet", "home": ""},
			{"title": "c", "kind": "ImageContentSourcePolicy", "home": "elsewhere"},
		],
		"entries": [
			{"set": sets[0], "policy": "NeverContactSource", "source": {"value": "q.io", "at": {}}},
			{"set": sets[1], "policy": null, "source": {"value": "q.io", "at": {}}},
		],
		"sources": [{"source": "q.io", "entries": [0, 1], "policies": policies}],
	}
}

test_error if levels([0, 1], ["AllowContactingSource", "NeverContactSource"], null) == ["error"]

test_warning_where_the_meeting_is_a_guess if levels([0, 2], ["AllowContactingSource", "NeverContactSource"], null) == ["warning"]

test_silent_where_they_agree if levels([0, 1], ["NeverContactSource"], null) == []

test_silent_on_4_12 if levels([0, 1], ["AllowContactingSource", "NeverContactSource"], {"numbers": [4, 12]}) == []
