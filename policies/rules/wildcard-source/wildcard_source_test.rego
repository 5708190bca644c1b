package mirrorproof.rules.wildcard_source_test

import data.mirrorproof.rules.wildcard_source

levels(facts) := {finding.level | some finding in findings(facts)}

findings(facts) := result if {
	result := wildcard_source.findings with input as object.union(
		{
			"cluster": {"version": {"numbers": [4, 16]}, "disconnected": false},
			"mirrorSets": [{"home": ""}],
			"entries": [{"set": 0, "source": {"at": {}}}],
			"sources": [{"source": "*.q.io", "entries": [0], "digest": {}, "tag": null}],
			"images": [], "collisions": [],
		},
		facts,
	)
}

image(host, by) := {
	"image": host, "host": host, "by": by, "route": "mirrors", "certain": true, "home": "", "at": {"host": host},
	"entry": {"prefix": "*.q.io", "source": 0}, "pullers": [{"by": "node", "at": {}}],
}

imported := object.union(image("a.q.io", "tag"), {"pullers": [{"by": "node", "at": {"doc": 1}}, {"by": "import", "at": {"doc": 2}}]})

test_info if levels({}) == {"info"}

test_info_where_the_version_is_not_known if levels({"cluster": {"version": null}}) == {"info"}

test_silent_before_4_16 if levels({"cluster": {"version": {"numbers": [4, 15]}}}) == set()

test_silent_for_others if levels({"sources": [{"source": "q.io", "entries": [0], "digest": {}, "tag": null}]}) == set()

test_silent_without_mirrors if levels({"sources": [{"source": "*.q.io", "entries": [0], "digest": null, "tag": null}]}) == set()

test_warning_where_images_collide if {
	images := [image("a.q.io", "tag"), image("a.q.io", "tag"), image("b.q.io", "tag")]
	some finding in findings({"images": images, "collisions": [{"images": [0, 1, 2], "reference": "m/app:1"}]})
	finding.level == "warning"
	startswith(finding.message, "images `a.q.io` and `b.q.io` are both pulled as `m/app:1`")
}

test_one_digest_is_one_image if {
	images := [image("a.q.io", "digest"), image("b.q.io", "digest")]
	levels({"images": images, "collisions": [{"images": [0, 1], "reference": "m/app@sha256:1"}]}) == {"info"}
}

test_warning_for_an_import_where_it_stands if {
	some finding in findings({"images": [imported]})
	finding.level == "warning"
	finding.at.doc == 2
}

test_error_for_an_import_when_disconnected if levels({"cluster": {"disconnected": true}, "images": [imported]}) == {"error", "info"}

test_silent_for_an_import_without_a_mirror if levels({"images": [object.union(imported, {"route": "source"})]}) == {"info"}
