package mirrorproof.rules.duplicate_mirror_test

import data.mirrorproof.rules.duplicate_mirror

messages(kind, repeated) := result if {
	result := [finding.message | some finding in duplicate_mirror.findings] with input as {
		"mirrorSets": [{"kind": kind}],
		"entries": [{"set": 0, "source": {"value": "q.io"}, "mirrors": [{"value": "m.io", "at": {}}, {"value": "m.io", "at": {}}], "repeated": repeated}],
	}
}

test_an_idms_is_refused if {
	some message in messages("ImageDigestMirrorSet", [1])
	contains(message, "the API server refuses the object")
}

test_an_icsp_loses_its_order if {
	some message in messages("ImageContentSourcePolicy", [1])
	contains(message, "the source may be tried first")
}

test_silent_without if messages("ImageDigestMirrorSet", []) == []
