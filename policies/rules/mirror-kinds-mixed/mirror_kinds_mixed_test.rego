package mirrorproof.rules.mirror_kinds_mixed_test

import data.mirrorproof.rules.mirror_kinds_mixed

levels(version) := result if {
	result := [finding.level | some finding in mirror_kinds_mixed.findings] with input as {
		"cluster": {"version": version},
		"mirrorSets": [{"kind": "ImageContentSourcePolicy", "title": "a", "at": {}}, {"kind": "ImageTagMirrorSet", "title": "b", "at": {}}],
	}
}

test_error_while_refused if {
	every numbers in [[4, 13, 0], [4, 13, 26], [4, 14, 0], [4, 14, 2]] { levels({"text": "x", "numbers": numbers}) == ["error"] }
}

test_warning_where_the_patch_decides if {
	every numbers in [[4, 13], [4, 14]] { levels({"text": "x", "numbers": numbers}) == ["warning"] }
}

test_info_where_unknown if levels(null) == ["info"]

test_silent_where_merged if {
	every numbers in [[4, 13, 27], [4, 14, 3], [4, 15], [5, 0]] { levels({"text": "x", "numbers": numbers}) == [] }
}
