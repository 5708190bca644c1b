package mirrorproof.rules.malformed_location_test

import data.mirrorproof.rules.malformed_location

levels(kind, version, source, mirror) := result if {
	result := [finding.level | some finding in malformed_location.findings] with input as {
		"cluster": {"version": version},
		"mirrorSets": [{"kind": kind}],
		"entries": [{"set": 0, "source": object.union({"value": "s", "wildcard": false, "at": {}}, source), "mirrors": [object.union({"value": "m", "wildcard": false, "at": {}}, mirror)]}],
	}
}

on(minor) := {"text": "x", "numbers": [4, minor]}

test_idms_always if {
	every version in [null, on(13), on(15), on(18)] { levels("ImageDigestMirrorSet", version, {"malformation": "tag"}, {}) == ["error"] }
}

test_icsp_from_4_16 if levels("ImageContentSourcePolicy", on(16), {"malformation": "trailing-slash"}, {}) == ["error"]

test_icsp_warning_before if {
	levels("ImageContentSourcePolicy", on(15), {"malformation": "trailing-slash"}, {}) == ["warning"]
	levels("ImageContentSourcePolicy", null, {"malformation": "trailing-slash"}, {}) == ["warning"]
}

test_icsp_that_breaks_at_once if {
	levels("ImageContentSourcePolicy", on(15), {}, {"malformation": "trailing-slash"}) == ["error"]
	levels("ImageContentSourcePolicy", on(12), {"malformation": "scheme"}, {}) == ["error"]
}

test_wildcard_source if {
	levels("ImageDigestMirrorSet", on(15), {"wildcard": true}, {}) == ["error"]
	levels("ImageDigestMirrorSet", on(16), {"wildcard": true}, {}) == []
}

test_silent if levels("ImageContentSourcePolicy", on(18), {}, {}) == []
