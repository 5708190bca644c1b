package mirrorproof.rules.malformed_location_test

import data.mirrorproof.rules.malformed_location

levels(kind, location) := result if {
	result := [finding.level | some finding in malformed_location.findings] with input as {
		"mirrorSets": [{"kind": kind}],
		"locations": [object.union({"set": 0, "role": "source", "value": "s", "at": {}}, location)],
	}
}

test_idms_always if levels("ImageDigestMirrorSet", {"malformation": "tag", "refused": "no"}) == ["error"]

test_icsp_that_the_operator_refuses if levels("ImageContentSourcePolicy", {"malformation": "tag", "refused": "yes"}) == ["error"]

test_icsp_that_breaks_nodes if levels("ImageContentSourcePolicy", {"malformation": "tag", "refused": "no", "harm": "no-match"}) == ["error"]

test_icsp_that_stops_the_upgrade if {
	levels("ImageContentSourcePolicy", {"malformation": "trailing-slash", "refused": "no"}) == ["warning"]
	levels("ImageContentSourcePolicy", {"malformation": "trailing-slash", "refused": "unknown"}) == ["warning"]
}

test_wildcard_source if {
	levels("ImageDigestMirrorSet", {"refused": "yes"}) == ["error"]
	levels("ImageDigestMirrorSet", {"refused": "unknown"}) == ["warning"]
	levels("ImageDigestMirrorSet", {"refused": "no"}) == []
}
