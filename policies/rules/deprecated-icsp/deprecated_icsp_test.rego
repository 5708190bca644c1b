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

replaced(version) := replaced_in({"version": version, "declared": false})

replaced_in(cluster) := result if {
	result := [finding | some finding in deprecated_icsp.findings] with input as {
		"cluster": cluster,
		"mirrorSets": [
			{"kind": "ImageContentSourcePolicy", "title": "ImageContentSourcePolicy/a", "replacedBy": "ImageDigestMirrorSet/a", "folder": "/old", "at": {}},
			{"kind": "ImageDigestMirrorSet", "title": "ImageDigestMirrorSet/a", "superseded": true, "folder": "/new", "at": {"doc": 1}},
			{"kind": "ImageDigestMirrorSet", "title": "ImageDigestMirrorSet/a", "superseded": false, "folder": "/new", "at": {"doc": 2}},
		],
	}
}

test_delete_what_an_idms_replaces if {
	some finding in replaced({"numbers": [4, 16]})
	finding.level == "error"
	endswith(finding.message, "; delete it, for `ImageDigestMirrorSet/a` has all of its entries: nothing changes on the nodes (if they reach the same cluster)")
	[note.at.doc | some note in finding.related] == [2]
}

test_builds_of_4_13_still_read_it if {
	some finding in replaced({"numbers": [4, 13, 30]})
	contains(finding.message, "; from OpenShift 4.14 on it can go")
}

test_so_they_may_where_the_version_is_not_known if {
	some finding in replaced(null)
	contains(finding.message, "; from OpenShift 4.14 on it can go")
}

test_much_may_change_where_the_operator_refuses_it if {
	some finding in replaced_in({"version": {"numbers": [4, 16]}, "declared": true, "refused": "conflicting mirrorSourcePolicy"})
	endswith(finding.message, "; delete it, for `ImageDigestMirrorSet/a` has all of its entries")
}
