package mirrorproof.rules.ambiguous_namespace_test

import data.mirrorproof.rules.ambiguous_namespace

findings(sets, found, lost) := result if {
	result := ambiguous_namespace.findings with input as {
		"mirrorSets": [{"title": "a", "home": ""}, {"title": "b", "home": ""}, {"title": "c", "home": "elsewhere"}],
		"entries": [{"set": sets[0], "source": {"value": "q.io", "at": {}}}, {"set": sets[1], "source": {"value": "q.io/o", "at": {}}}],
		"sources": [{"source": "q.io", "digest": {"entries": [0]}}, {"source": "q.io/o", "digest": {"entries": [1]}}],
		"overlaps": [{"broad": 0, "narrow": 1, "digest": {"found": found, "lost": lost}, "tag": null}],
	}
}

levels(sets, found, lost) := [finding.level | some finding in findings(sets, found, lost)]

test_error_in_different_objects if levels([0, 1], ["x.io/o"], ["m.io/o"]) == ["error"]

test_warning_in_one_object if levels([0, 0], ["x.io/o"], ["m.io/o"]) == ["warning"]

test_warning_where_the_meeting_is_a_guess if levels([0, 2], ["x.io/o"], ["m.io/o"]) == ["warning"]

test_one_less_on_the_same_registry if {
	levels([0, 1], ["m.io/x"], ["m.io/o"]) == ["warning"]
	levels([0, 0], ["m.io/x"], ["m.io/o"]) == ["info"]
}

test_silent_where_nothing_is_lost if levels([0, 1], ["m.io/o"], []) == []

test_silent_where_the_narrower_has_none if levels([0, 1], [], ["m.io/o"]) == []
