package mirrorproof.rules.hidden_by_narrower_source_test

import data.mirrorproof.rules.hidden_by_narrower_source

levels(disconnected, sets, narrower) := result if {
	result := [finding.level | some finding in hidden_by_narrower_source.findings] with input as {
		"cluster": {"disconnected": disconnected, "declared": true},
		"mirrorSets": [{"title": "a", "home": ""}, {"title": "b", "home": ""}, {"title": "c", "home": "elsewhere"}],
		"entries": [{"set": sets[0], "source": {"value": "q.io", "at": {}}}, {"set": sets[1], "source": {"value": "q.io/o", "at": {}}}],
		"sources": [{"source": "q.io", "digest": {"entries": [0]}}, {"source": "q.io/o", "tag": {"entries": [1]}, "policies": [narrower.policy]}],
		"overlaps": [{"broad": 0, "narrow": 1, "digest": {"mirrored": narrower.mirrored, "lost": 1}, "tag": null}],
	}
}

bare := {"policy": "AllowContactingSource", "mirrored": false}

test_warning if levels(false, [0, 1], bare) == ["warning"]

test_error_when_disconnected if levels(true, [0, 1], bare) == ["error"]

test_error_where_blocked if levels(false, [0, 1], {"policy": "NeverContactSource", "mirrored": false}) == ["error"]

test_warning_where_the_meeting_is_a_guess if levels(true, [0, 2], bare) == ["warning"]

test_silent_with_mirrors_of_both_kinds if levels(true, [0, 1], {"policy": "AllowContactingSource", "mirrored": true}) == []
