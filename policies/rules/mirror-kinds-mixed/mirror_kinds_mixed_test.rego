package mirrorproof.rules.mirror_kinds_mixed_test

import data.mirrorproof.rules.mirror_kinds_mixed

levels(version, exclude, homes) := result if {
	result := [finding.level | some finding in mirror_kinds_mixed.findings] with input as {
		"cluster": {"declared": true, "version": version, "kindsExclude": exclude},
		"mirrorSets": [
			{"kind": "ImageContentSourcePolicy", "title": "a", "home": homes[0], "at": {}},
			{"kind": "ImageTagMirrorSet", "title": "b", "home": homes[1], "at": {}},
		],
	}
}

known := {"text": "x", "numbers": [4, 14]}

test_error_while_refused if levels(known, "yes", ["", ""]) == ["error"]

test_warning_where_the_meeting_is_a_guess if levels(known, "yes", ["", "b"]) == ["warning"]

test_warning_where_the_patch_decides if levels(known, "unknown", ["", ""]) == ["warning"]

test_info_where_unknown if levels(null, "unknown", ["", ""]) == ["info"]

test_silent_where_merged if levels(known, "no", ["", ""]) == []
