package mirrorproof.rules.malformed_location_test

import data.mirrorproof.rules.malformed_location

levels(kind, source) := result if {
	result := [finding.level | some finding in malformed_location.findings] with input as {
		"mirrorSets": [{"kind": kind}],
		"entries": [{"set": 0, "source": object.union({"value": "s", "at": {}}, source), "mirrors": [{"value": "m", "refused": false, "at": {}}]}],
	}
}

test_idms_always if levels("ImageDigestMirrorSet", {"malformation": "tag", "refused": false}) == ["error"]

test_icsp_that_the_operator_refuses if levels("ImageContentSourcePolicy", {"malformation": "tag", "refused": true}) == ["error"]

test_icsp_that_breaks_nodes if levels("ImageContentSourcePolicy", {"malformation": "tag", "refused": false, "harm": "no-match"}) == ["error"]

test_icsp_that_stops_the_upgrade if {
	levels("ImageContentSourcePolicy", {"malformation": "trailing-slash", "refused": false}) == ["warning"]
	levels("ImageContentSourcePolicy", {"malformation": "trailing-slash", "refused": null}) == ["warning"]
}

test_wildcard_source if {
	levels("ImageDigestMirrorSet", {"refused": true}) == ["error"]
	levels("ImageDigestMirrorSet", {"refused": null}) == ["warning"]
	levels("ImageDigestMirrorSet", {"refused": false}) == []
}
