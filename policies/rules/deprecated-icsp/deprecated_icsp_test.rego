package mirrorproof.rules.deprecated_icsp_test

import data.mirrorproof.rules.deprecated_icsp

levels(version) := result if {
	result := [finding.level | some finding in deprecated_icsp.findings] with input as {
		"cluster": {"version": version},
		"mirrorSets": [
			{"kind": "ImageContentSourcePolicy", "title": "ImageContentSourcePolicy/a", "at": {}},
			{"kind": "ImageDigestMirrorSet", "title": "ImageDigestMirrorSet/a", "at": {}},
			{"kind": "ImageContentSourcePolicy", "title": "ImageContentSourcePolicy/b", "madeOf": "install-config", "at": {}},
		],
	}
}

test_error_from_4_14 if levels({"text": "4.14", "numbers": [4, 14]}) == ["error"]

test_error_on_5_0 if levels({"text": "5.0", "numbers": [5, 0]}) == ["error"]

test_warning_on_4_13 if levels({"text": "4.13.2", "numbers": [4, 13, 2]}) == ["warning"]

test_warning_where_unknown if levels(null) == ["warning"]

test_silent_on_4_12 if levels({"text": "4.12", "numbers": [4, 12]}) == []
