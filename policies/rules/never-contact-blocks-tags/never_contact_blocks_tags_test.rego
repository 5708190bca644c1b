package mirrorproof.rules.never_contact_blocks_tags_test

import data.mirrorproof.rules.never_contact_blocks_tags

image := {"image": "q.io/o/app:1", "certain": true, "at": {}, "home": "", "folder": "", "entry": {"source": 0}}

entry := {"set": 0, "source": {"value": "q.io/o", "at": {}}, "effective": true, "policy": "NeverContactSource"}

findings(facts, source) := result if {
	result := never_contact_blocks_tags.findings with input as object.union(
		{
			"cluster": {"disconnected": false, "declared": true, "version": null},
			"mirrorSets": [{"title": "a", "home": "", "folder": ""}],
			"entries": [entry],
			"sources": [object.union({"source": "q.io/o", "entries": [0], "digest": {"entries": [0]}, "tag": null, "images": {"digest": [], "tag": []}}, source)],
			"overlaps": [],
			"images": [image],
		},
		facts,
	)
}

levels(facts, source) := [finding.level | some finding in findings(facts, source)]

used := {"images": {"tag": [0]}}

test_error_where_an_image_is_known if levels({}, used) == ["error"]

test_error_for_digests if levels({}, {"digest": null, "tag": {"entries": [0]}, "images": {"digest": [0]}}) == ["error"]

test_warning_where_the_image_is_a_guess if {
	levels({"images": [object.union(image, {"certain": false})]}, used) == ["warning"]
	levels({"images": [object.union(image, {"home": "elsewhere"})]}, used) == ["warning"]
}

test_warning_without_images if levels({}, {}) == ["warning"]

test_info_without_images_when_disconnected if levels({"cluster": {"disconnected": true}}, {}) == ["info"]

test_silent_with_both_kinds if levels({}, {"tag": {"entries": [0]}}) == []

test_silent_where_the_source_may_be_contacted if levels({"entries": [object.union(entry, {"policy": null})]}, used) == []

test_silent_for_a_release if levels({}, {"source": "quay.io/openshift-release-dev/ocp-release"}) == []

test_error_for_a_release_by_tag if levels({}, object.union(used, {"source": "quay.io/openshift-release-dev/ocp-release"})) == ["error"]

test_silent_where_nothing_is_applied if {
	levels({"cluster": {"refused": "conflicting"}}, used) == []
	levels({"cluster": {"version": {"numbers": [4, 12]}}}, used) == []
}

test_silent_where_a_broader_source_loses_its_mirrors if levels({"overlaps": [{"broad": 1, "narrow": 0, "digest": null, "tag": {"mirrored": false, "lost": 1}}]}, used) == []

test_sources_of_one_object_are_said_once if {
	source := {"source": "q.io/p", "entries": [0], "digest": {"entries": [0]}, "tag": null, "images": {"digest": [], "tag": []}}
	found := findings({"sources": [source, source]}, {})
	count(found) == 1
	some finding in found
	contains(finding.message, "`q.io/p` and of 1 other source would be blocked")
}
