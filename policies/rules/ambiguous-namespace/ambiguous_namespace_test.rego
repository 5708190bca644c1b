package mirrorproof.rules.ambiguous_namespace_test

import data.mirrorproof.rules.ambiguous_namespace

levels(sets, hidden) := result if {
	result := [finding.level | some finding in ambiguous_namespace.findings] with input as {
		"cluster": {"declared": true},
		"mirrorSets": [{"title": "a", "home": ""}, {"title": "b", "home": ""}, {"title": "c", "home": "elsewhere"}],
		"entries": [{"set": sets[0], "source": {"value": "q.io", "at": {}}}, {"set": sets[1], "source": {"value": "q.io/o", "at": {}}}],
		"sources": [{"source": "q.io", "digest": {"entries": [0]}}, {"source": "q.io/o", "digest": {"entries": [1]}}],
		"overlaps": [{"broad": 0, "narrow": 1, "digest": object.union({"mirrored": true, "lost": 1, "examples": ["m.io/o"], "sameRegistries": false}, hidden), "tag": null}],
	}
}

test_error_in_different_objects if levels([0, 1], {}) == ["error"]

test_warning_in_one_object if levels([0, 0], {}) == ["warning"]

test_warning_where_the_meeting_is_a_guess if levels([0, 2], {}) == ["warning"]

test_one_less_on_the_same_registry if {
	levels([0, 1], {"sameRegistries": true}) == ["warning"]
	levels([0, 0], {"sameRegistries": true}) == ["info"]
}

test_silent_where_nothing_is_lost if levels([0, 1], {"lost": 0}) == []

test_silent_where_the_narrower_has_none if levels([0, 1], {"mirrored": false}) == []
