package mirrorproof.rules.mirror_set_ignored_by_builds_test

import data.mirrorproof.rules.mirror_set_ignored_by_builds

findings(kind, image, cluster) := result if {
	result := mirror_set_ignored_by_builds.findings with input as {
		"cluster": object.union({"version": {"numbers": [4, 13, 30]}, "disconnected": false, "declared": true}, cluster),
		"mirrorSets": [{"kind": "ImageDigestMirrorSet", "home": "", "folder": ""}, {"kind": kind, "home": "", "folder": ""}],
		"entries": [{"set": 0, "effective": true, "source": {"value": "q.io/a", "at": {}}}, {"set": 1, "effective": true, "source": {"value": "q.io", "at": {}}}],
		"sources": [{"entries": [0]}],
		"images": [object.union(built, image)],
	}
}

built := {
	"image": "q.io/a/x:1", "repository": "q.io/a/x", "by": "digest", "route": "mirrors", "certain": true, "home": "", "folder": "",
	"entry": {"source": 0}, "pullers": [{"by": "node", "title": "Pod/x", "at": {"doc": 1}}, {"by": "build", "title": "BuildConfig/x", "at": {"doc": 2}}],
}

levels(kind, image, cluster) := [finding.level | some finding in findings(kind, image, cluster)]

test_warning_where_it_is_built if {
	some finding in findings("ImageDigestMirrorSet", {}, {})
	finding.level == "warning"
	finding.at.doc == 2
}

test_error_when_disconnected if levels("ImageDigestMirrorSet", {}, {"disconnected": true}) == ["error"]

test_silent_where_an_icsp_around_it_serves_it if levels("ImageContentSourcePolicy", {}, {}) == []

test_an_icsp_serves_no_tags if {
	some finding in findings("ImageContentSourcePolicy", {"by": "tag"}, {})
	endswith(finding.message, "ImageContentSourcePolicy, which serves no tags")
}

test_an_icsp_beside_it_is_none_around_it if levels("ImageContentSourcePolicy", {"repository": "q.io.example/a/x"}, {}) == ["warning"]

test_silent_on_4_14 if levels("ImageDigestMirrorSet", {}, {"version": {"numbers": [4, 14]}}) == []

test_silent_on_4_12 if levels("ImageDigestMirrorSet", {}, {"version": {"numbers": [4, 12]}}) == []

test_silent_where_the_version_is_not_known if levels("ImageDigestMirrorSet", {}, {"version": null}) == []

test_silent_for_nodes if levels("ImageDigestMirrorSet", {"pullers": [{"by": "node", "at": {}}]}, {}) == []

test_silent_without_a_mirror if levels("ImageDigestMirrorSet", {"route": "source"}, {}) == []
