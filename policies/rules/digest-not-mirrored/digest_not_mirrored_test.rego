package mirrorproof.rules.digest_not_mirrored_test

import data.mirrorproof.rules.digest_not_mirrored

image := {
	"image": "q.io/o/app@sha256:0", "by": "digest", "route": "source", "certain": true, "at": {"doc": 0}, "home": "", "folder": "", "more": [], "count": 1,
	"entry": {"prefix": "q.io/o", "source": 0, "serves": ["tag"], "splitsPort": false, "at": {"doc": 1}},
}

findings(disconnected, images) := result if {
	result := digest_not_mirrored.findings with input as {
		"cluster": {"disconnected": disconnected, "declared": true},
		"mirrorSets": [{"home": "", "folder": "mirrors"}],
		"entries": [{"set": 0}],
		"sources": [{"source": "q.io/o", "entries": [0]}],
		"overlaps": [],
		"images": images,
	}
}

levels(disconnected, images) := sort([finding.level | some finding in findings(disconnected, images)])

test_error_when_disconnected if levels(true, [image]) == ["error"]

test_each_error_is_said_alone if levels(true, [image, object.union(image, {"image": "q.io/o/b"})]) == ["error", "error"]

test_warning_while_connected if levels(false, [image]) == ["warning"]

test_warnings_of_one_entry_are_said_once if {
	some finding in findings(false, [image, object.union(image, {"image": "q.io/o/b"})])
	contains(finding.message, "image `q.io/o/app@sha256:0` and 1 more are pulled by digest")
	count(levels(false, [image, object.union(image, {"image": "q.io/o/b"})])) == 1
}

test_warning_where_the_field_is_a_guess if levels(true, [object.union(image, {"certain": false})]) == ["warning"]

test_warning_where_they_may_not_meet if levels(true, [object.union(image, {"home": "elsewhere"})]) == ["warning"]

test_info_where_two_things_are_a_guess if levels(false, [object.union(image, {"certain": false})]) == ["info"]

test_silent_with_mirrors_of_both_kinds if levels(true, [object.union(image, {"entry": {"serves": ["digest", "tag"]}})]) == []

test_silent_where_there_is_no_mirror_at_all if levels(true, [object.union(image, {"entry": {"serves": []}})]) == []

test_silent_where_the_port_is_split_off if levels(true, [object.union(image, {"entry": {"splitsPort": true}})]) == []

test_silent_where_a_narrower_source_is_to_blame if {
	result := digest_not_mirrored.findings with input as {
		"cluster": {"disconnected": true, "declared": true},
		"mirrorSets": [{"home": "", "folder": ""}],
		"entries": [{"set": 0}],
		"sources": [{"source": "q.io/o", "entries": [0]}, {"source": "q.io", "entries": [0]}],
		"overlaps": [{"broad": 1, "narrow": 0, "digest": {"mirrored": false, "lost": 1}, "tag": null}],
		"images": [image],
	}
	count(result) == 0
}
