package mirrorproof.rules.kind_needs_newer_openshift_test

import data.mirrorproof.rules.kind_needs_newer_openshift

count_for(kind, numbers) := result if {
	result := count(kind_needs_newer_openshift.findings) with input as {
		"cluster": {"version": {"text": "x", "numbers": numbers}},
		"mirrorSets": [{"kind": kind, "title": "a", "at": {}}],
	}
}

test_fires_on_4_12 if count_for("ImageTagMirrorSet", [4, 12, 40]) == 1

test_silent_on_4_13 if count_for("ImageTagMirrorSet", [4, 13]) == 0

test_silent_for_icsp if count_for("ImageContentSourcePolicy", [4, 12]) == 0

test_silent_where_unknown if {
	count(kind_needs_newer_openshift.findings) == 0 with input as {"cluster": {"version": null}, "mirrorSets": [{"kind": "ImageTagMirrorSet", "title": "a", "at": {}}]}
}
